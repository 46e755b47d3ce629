package dev.fairlead.acme;

import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.StoredName.Routing;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How it stands with one name on the storage, as seen without a proxy.
 *
 * @param name the host
 * @param authority the CA, as its folder is called
 * @param inUse whether the CA is one of the settings: others' are kept, and not renewed
 * @param best whether no CA in use has a better one for the name
 * @param leaf the certificate; empty when there is none that is good
 * @param generation the one that is served
 * @param renewAt from when on it is to be replaced, as its CA suggests or by its age
 * @param state how far it has come
 * @param elsewhere why the name's last order at another CA in use failed, a sentence
 * @param routing whether a service has it
 * @param remarks what else is wrong with it, a sentence each
 */
public record StoredCertificate(
    String name,
    String authority,
    boolean inUse,
    boolean best,
    Optional<X509Certificate> leaf,
    Optional<String> generation,
    Optional<Instant> renewAt,
    NameState state,
    Optional<String> elsewhere,
    Routing routing,
    List<String> remarks) {

  public StoredCertificate {
    remarks = List.copyOf(remarks);
  }

  public Optional<Instant> notBefore() {
    return leaf.map(certificate -> certificate.getNotBefore().toInstant());
  }

  public Optional<Instant> notAfter() {
    return leaf.map(certificate -> certificate.getNotAfter().toInstant());
  }

  /** Whether a proxy with these settings serves it. */
  public boolean isServed() {
    return inUse && best && leaf.isPresent() && routing == Routing.ROUTED;
  }

  /** Who signed it, as a distinguished name (RFC 4514). */
  public Optional<String> issuer() {
    return leaf.map(certificate -> certificate.getIssuerX500Principal().getName());
  }

  /** Kind and size of its key. */
  public Optional<String> keyType() {
    return leaf.map(X509Certificate::getPublicKey).map(StoredCertificate::keyType);
  }

  private static String keyType(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec -> "EC " + ec.getParams().getCurve().getField().getFieldSize();
      case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
      default -> key.getAlgorithm();
    };
  }

  /** Whole days until it ends; negative when it has ended. */
  public Optional<Long> daysLeft(Instant now) {
    return notAfter()
        .map(end -> Math.floorDiv(Duration.between(now, end).toSeconds(), 24 * 60 * 60));
  }

  /** Why the last order failed; empty when it did not. */
  public Optional<String> lastError() {
    return state.isTroubled() ? Optional.of(state.lastError()) : Optional.empty();
  }

  /** When the next order may start; empty when none failed. */
  public Optional<Instant> nextAttempt() {
    return state.isTroubled() ? Optional.of(state.nextAttempt()) : Optional.empty();
  }

  /**
   * What somebody has to look after, in one sentence; only of what is served, and of names that
   * have nothing else. Of names that no service has, nothing has to be.
   */
  public Optional<String> problem(Instant now) {
    return inUse && best && routing == Routing.ROUTED
        ? trouble(now).map(what -> "certificate of " + name + ": " + what + reason())
        : Optional.empty();
  }

  private Optional<String> trouble(Instant now) {
    if (leaf.isEmpty()) {
      return lastError().isEmpty() && remarks.isEmpty()
          ? Optional.empty()
          : Optional.of("there is none");
    }
    Instant end = notAfter().orElseThrow();
    Instant due = renewAt.orElseThrow();
    if (!now.isBefore(end)) {
      return Optional.of("it expired at " + end);
    }
    return now.isBefore(RenewalPolicy.overdueAt(due, end))
        ? Optional.empty()
        : Optional.of("its renewal is overdue since %s, it ends at %s".formatted(due, end));
  }

  private String reason() {
    if (lastError().isPresent()) {
      return "; %s; next attempt at %s".formatted(lastError().get(), state.nextAttempt());
    }
    if (elsewhere.isPresent()) {
      return "; " + elsewhere.get();
    }
    return remarks.isEmpty()
        ? "; no order has failed (expected: a proxy that runs; it archives names that no service"
            + " has any more)"
        : "; " + String.join("; ", remarks);
  }
}
