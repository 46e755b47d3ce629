package dev.fairlead.acme.simulated;

import dev.fairlead.acme.store.RenewalAdvice.Window;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One order for one host, and what came of it. */
public final class SimulatedOrder {

  private static final Duration LONGEST = Duration.ofDays(7);

  /** How far it has come (RFC 8555 §7.1.6). */
  enum Status {
    PENDING,
    READY,
    VALID,
    INVALID;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What limits hold for it. */
  public enum Kind {
    /** All of them. */
    FIRST,
    /** Those of its name. */
    RENEWAL,
    /** None. */
    REPLACEMENT
  }

  final int number;
  final String host;
  final Kind kind;
  private final Instant time;
  private final Optional<SimulatedOrder> replaced;
  private Status status = Status.PENDING;
  @Nullable List<X509Certificate> chain;

  SimulatedOrder(
      int number, String host, Kind kind, Instant time, Optional<SimulatedOrder> replaced) {
    this.number = number;
    this.host = host;
    this.kind = kind;
    this.time = time;
    this.replaced = replaced;
  }

  /** For whom. */
  public String host() {
    return host;
  }

  /** When it was made. */
  public Instant time() {
    return time;
  }

  /** What limits hold for it. */
  public Kind kind() {
    return kind;
  }

  /** The order of the certificate that it said it replaces. */
  public Optional<SimulatedOrder> replaced() {
    return replaced;
  }

  /** Whether a certificate came of it. */
  public boolean isDone() {
    return chain != null;
  }

  /** What the CA suggests for the renewal of its certificate, when nothing is wrong with that. */
  public Window window() {
    X509Certificate leaf = leaf().orElseThrow();
    Instant from = leaf.getNotBefore().toInstant();
    Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
    boolean brief = life.compareTo(Duration.ofDays(10)) <= 0;
    Instant ideal = from.plus(brief ? life.dividedBy(2) : life.multipliedBy(2).dividedBy(3));
    Duration margin = life.dividedBy(100);
    return new Window(ideal.minus(margin), ideal.plus(margin));
  }

  /** That of its only challenge. */
  String token() {
    return "token-" + number;
  }

  Optional<X509Certificate> leaf() {
    return Optional.ofNullable(chain).map(List::getFirst);
  }

  /** Orders that nobody ends are over after a week. */
  Status status(Instant now) {
    if ((status == Status.PENDING || status == Status.READY) && now.isAfter(time.plus(LONGEST))) {
      status = Status.INVALID;
    }
    return status;
  }

  void status(Status next) {
    status = next;
  }
}
