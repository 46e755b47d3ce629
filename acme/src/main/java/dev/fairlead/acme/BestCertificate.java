package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of the certificates of several CAs is served: of those that are valid the one that was
 * issued last, so that a renewal is served whose life is shorter than that of the one it follows.
 * When none is valid, the one that ends last. A pure function.
 */
final class BestCertificate {

  private static final Comparator<KeyAndChain> NEWEST =
      Comparator.comparing(KeyAndChain::notBefore).thenComparing(KeyAndChain::notAfter);

  private BestCertificate() {}

  /**
   * The best one.
   *
   * @param known in the order of the CAs: the first of equals is taken
   */
  static Optional<KeyAndChain> of(List<KeyAndChain> known, Instant now) {
    return known.stream()
        .filter(pair -> now.isBefore(pair.notAfter()) && !now.isBefore(pair.notBefore()))
        .reduce((one, other) -> NEWEST.compare(other, one) > 0 ? other : one)
        .or(() -> known.stream().max(Comparator.comparing(KeyAndChain::notAfter)));
  }
}
