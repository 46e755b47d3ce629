/**
 * The records of the challenge dns-persist-01 (draft-ietf-acme-dns-persist): what a CA wants to
 * find at {@code _validation-persist} of a host, and whether what is there is that. The draft has
 * changed: up to version 01 a record names the account by its URL, since version 02 by a hash.
 */
@NullMarked
package dev.fairlead.acme.persist;

import org.jspecify.annotations.NullMarked;
