/**
 * What is kept on the share (certificate <em>storage</em>; what is served from memory is the
 * certificate <em>store</em>). The layout below {@code storage.path}; directories have mode 0700,
 * files 0600:
 *
 * <pre>
 * version                             "1": the format of everything below
 * accounts/&lt;ca&gt;/account.key.pem     the ACME account's key
 * accounts/&lt;ca&gt;/account.next.key.pem the key that takes its place
 * accounts/&lt;ca&gt;/account.json        its URL at the CA
 * accounts/&lt;ca&gt;/budget/&#64;account.json  what has been spent of the CA's limits
 * accounts/&lt;ca&gt;/budget/&lt;name&gt;.json   the same of one name
 * certificates/&lt;name&gt;/&lt;ca&gt;/
 *   current -> 20261123T101500Z-4f2a6c   the generation in use; switched by one rename
 *   20261123T101500Z-4f2a6c/             never changed once it has this name
 *     fullchain.pem
 *     privkey.pem
 *     SHA256SUMS
 *   state.json                           how far the name has come: step, order, last error
 *   order.key.pem                        the key of the certificate that is ordered
 *   renewal.json                         what the CA suggests about its renewal
 *   requested.json                       somebody wants another one
 *   persist.json                         that the record of dns-persist-01 was seen
 *   outage.json                          the CA keeps failing
 * challenges/http-01/&lt;token&gt;        what the CA is answered
 * challenges/tls-alpn-01/&lt;name&gt;.pem
 * challenges/dns-01/&lt;name&gt;.json     a TXT record that an order has in DNS, or left there
 * local-ca/current/ca.pem, privkey.pem   as a certificate's folder
 * notes/&lt;name&gt;                     a text that instances share, such as who was told of what
 * secrets/sticky                         what instances sign cookies with
 * secrets/tickets                        what they derive keys of session tickets from
 * locks/&lt;name&gt;.lease/7 -> who        the highest number is the lease while somebody orders
 * locks/&lt;name&gt;.lock                 an fcntl lock beside it
 * </pre>
 *
 * <p>{@code <ca>} is the host and path of the CA's directory, so that a staging CA and the real one
 * never mix. {@code <name>} is the host, {@code _wildcard.} standing for {@code *.}.
 *
 * <p>Reading takes no lock: whatever {@code current} names is whole. Writing does, as two instances
 * may share the directory: who has lost the lock to another writes nothing ({@link Lease}). Every
 * operation runs on a few daemon threads of its own with a time limit, because a hard-mounted NFS
 * share whose server is gone blocks its callers for ever.
 */
@NullMarked
package dev.fairlead.acme.store;

import org.jspecify.annotations.NullMarked;
