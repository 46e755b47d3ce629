package dev.fairlead.acme;

import dev.fairlead.acme.store.RenewalAdvice;
import dev.fairlead.acme.store.RenewalAdvice.Window;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a certificate is replaced: at a moment of the window that its CA suggests (RFC 9773), else
 * after two thirds of its life, and after half of it when it lives for ten days at most, so that a
 * few days or hours are left for failures. Pure functions.
 *
 * <p>The moment is one by chance, so that names that were ordered together do not come together
 * again, and the same one each time, so that instances and restarts agree on it: it comes of the
 * certificate itself.
 *
 * <pre>
 *  first seen    a tenth, or a day      2/3 (1/2)   + 1/90    5/6 (3/4)    not after
 *      |------------------|-----------------|----------|----------|------------|
 *                         |                 '-without a window-'  |
 *                         '--------where a window may lead to-----'
 * </pre>
 *
 * A CA that says otherwise is not believed: one that always says "now" would be ordered at without
 * end, one that says "later" would let the certificate expire.
 */
final class RenewalPolicy {

  private static final Duration SHORT_LIFE = Duration.ofDays(10);
  private static final Duration YOUNG = Duration.ofDays(1);

  /** Of a life: a day of ninety. */
  private static final int SPREAD = 90;

  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration USUAL_PAUSE = Duration.ofHours(6);
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  /** How long a renewal may take: some tries fail, and some pauses are long. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  /** So long after a certificate was issued CAs know another one as its renewal. */
  private static final Duration RENEWAL_WINDOW = Duration.ofDays(119);

  private RenewalPolicy() {}

  /** From when on a certificate is to be replaced, whoever signed it. */
  static Instant renewAt(Instant notBefore, Instant notAfter) {
    Duration life = Duration.between(notBefore, notAfter);
    Duration used =
        life.compareTo(SHORT_LIFE) <= 0 ? life.dividedBy(2) : life.multipliedBy(2).dividedBy(3);
    return notBefore.plus(used);
  }

  /**
   * From when on a renewal should have been: a day after it was due, and a quarter of what was left
   * then for those that live for a few days.
   *
   * @param due from when on the certificate is to be replaced
   */
  static Instant overdueAt(Instant due, Instant notAfter) {
    Duration quarter = Duration.between(due, notAfter).dividedBy(4);
    return due.plus(quarter.compareTo(PATIENCE) < 0 ? quarter : PATIENCE);
  }

  static boolean isDue(Instant notBefore, Instant notAfter, Instant now) {
    return !now.isBefore(renewAt(notBefore, notAfter));
  }

  /** Whether a certificate is one that another one renews, by what CAs count. */
  static boolean isRenewal(Instant notBefore, Instant now) {
    return now.isBefore(notBefore.plus(RENEWAL_WINDOW));
  }

  /**
   * From when on a CA's certificate is to be replaced.
   *
   * @param advice what is known of its CA's opinion of this certificate
   */
  static Instant renewAt(X509Certificate leaf, Optional<RenewalAdvice> advice) {
    Instant notBefore = leaf.getNotBefore().toInstant();
    Instant notAfter = leaf.getNotAfter().toInstant();
    Optional<Window> window = advice.flatMap(RenewalAdvice::window);
    return advice.isPresent() && window.isPresent()
        ? renewAt(notBefore, notAfter, share(leaf), window.get(), advice.get().since())
        : renewAt(notBefore, notAfter, share(leaf));
  }

  /**
   * From when on a CA's certificate is to be replaced, when it suggests nothing.
   *
   * @param share of the certificate, see {@link #share}
   */
  static Instant renewAt(Instant notBefore, Instant notAfter, double share) {
    Duration life = Duration.between(notBefore, notAfter);
    return renewAt(notBefore, notAfter).plus(part(life.dividedBy(SPREAD), share));
  }

  /**
   * From when on a CA's certificate is to be replaced.
   *
   * @param share of the certificate, see {@link #share}
   * @param window what its CA suggests
   * @param since when it was asked first; what a certificate says of its age is the CA's word, too
   */
  static Instant renewAt(
      Instant notBefore, Instant notAfter, double share, Window window, Instant since) {
    Instant due = renewAt(notBefore, notAfter);
    Instant earliest = since.plus(youth(notBefore, notAfter));
    Instant latest = due.plus(Duration.between(due, notAfter).dividedBy(2));
    Instant chosen =
        window.start().plus(part(Duration.between(window.start(), window.end()), share));
    Instant believed = chosen.isBefore(earliest) ? earliest : chosen;
    return believed.isAfter(latest) ? latest : believed;
  }

  /**
   * Whether a certificate came so lately that no other one follows, whatever it says of its age: a
   * CA whose clock is wrong would be ordered at without end.
   *
   * @param issued when it came
   */
  static boolean isFresh(Instant notBefore, Instant notAfter, Instant issued, Instant now) {
    return now.isBefore(issued.plus(youth(notBefore, notAfter)));
  }

  private static Duration youth(Instant notBefore, Instant notAfter) {
    Duration tenth = Duration.between(notBefore, notAfter).dividedBy(10);
    return tenth.compareTo(YOUNG) < 0 ? tenth : YOUNG;
  }

  /** A number from 0 to 1 (exclusive) by chance, always the same one for a certificate. */
  static double share(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1.0p-53;
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every JDK has SHA-256, and the certificate was read", e);
    }
  }

  /**
   * When a CA is asked again about a certificate (RFC 9773 §4.3.2).
   *
   * @param retryAfter what it said itself; one below a minute or above a day is not believed
   */
  static Instant askAgain(Instant now, Optional<Instant> retryAfter) {
    Instant said = retryAfter.orElse(now.plus(USUAL_PAUSE));
    Instant soonest = now.plus(SHORTEST_PAUSE);
    Instant latest = now.plus(LONGEST_PAUSE);
    if (said.isAfter(latest)) {
      return latest;
    }
    return said.isBefore(soonest) ? soonest : said;
  }

  /**
   * Whether it is time to ask. A time that no pause reaches was written by a clock that was wrong.
   */
  static boolean isTimeToAsk(Instant askAgain, Instant now) {
    return !now.isBefore(askAgain) || askAgain.isAfter(now.plus(LONGEST_PAUSE.multipliedBy(2)));
  }

  private static Duration part(Duration whole, double share) {
    return Duration.ofSeconds((long) (whole.toSeconds() * share));
  }
}
