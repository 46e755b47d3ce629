package dev.fairlead.acme.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What a CA says about when to replace a certificate (RFC 9773 §4.2).
 *
 * @param certificate which one, see {@link dev.fairlead.acme.pem.KeyAndChain#fingerprint}
 * @param window empty when the CA says nothing
 * @param explanation the address of a page for people, should it have given one
 * @param since when it was asked about the certificate first
 * @param askAgain when it is to be asked again
 */
public record RenewalAdvice(
    String certificate,
    Optional<Window> window,
    Optional<String> explanation,
    Instant since,
    Instant askAgain) {

  /**
   * When a certificate shall be replaced.
   *
   * @param end after {@code start}
   */
  public record Window(Instant start, Instant end) {

    public Window {
      if (!end.isAfter(start)) {
        throw new IllegalArgumentException(
            "window: %s to %s (expected: an end after its start)".formatted(start, end));
      }
    }
  }
}
