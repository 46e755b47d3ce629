package dev.fairlead.acme.local;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A CA of our own, with a P-256 key.
 *
 * @param pair its key and its certificate
 * @param kept whether it is on the storage; if not it ends with the process
 */
public record LocalAuthority(KeyAndChain pair, boolean kept) {

  private static final Duration LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(30);

  /** A CA that signed its last leaf this long ago is of no use to anybody. */
  private static final Duration REPLACED_BEFORE_END = Duration.ofDays(90);

  static KeyAndChain create(Instant now) {
    KeyPair key = Keys.newP256();
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder(
                    "Fairlead local CA " + Keys.fingerprint(key.getPublic()),
                    key.getPublic(),
                    now,
                    LIFE)
                .forAuthority()
                .selfSigned(key)));
  }

  static boolean isGood(KeyAndChain pair, Instant now) {
    return pair.leaf().getBasicConstraints() >= 0
        && now.isBefore(pair.notAfter().minus(REPLACED_BEFORE_END));
  }

  /** A certificate for servers, good for 30 days, with a key of its own. */
  public KeyAndChain issue(HostPattern host, Instant now) {
    KeyPair key = Keys.newP256();
    // A common name ends at 64 characters; what counts is the alternative name.
    String commonName = host.toString().length() <= 64 ? host.toString() : "Fairlead";
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder(commonName, key.getPublic(), now, LEAF_LIFE)
                .name(host)
                .forServers()
                .signedBy(pair),
            pair.leaf()));
  }
}
