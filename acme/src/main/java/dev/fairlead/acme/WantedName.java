package dev.fairlead.acme;

import dev.fairlead.acme.pem.Names;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A name that visitors come by, and where its certificate shall come from.
 *
 * @param mode {@link TlsMode#ACME} or {@link TlsMode#LOCAL}
 * @param onDemand whether it is wanted because a visitor came for it, and not because it is routed
 * @param together the names that share one certificate, this one among them; the first of them
 *     orders it, and the others take it over. Empty where the name has its own
 */
public record WantedName(
    HostPattern host, TlsMode mode, boolean onDemand, List<HostPattern> together) {

  public WantedName {
    together = List.copyOf(together);
    if (mode == TlsMode.OFF) {
      throw new IllegalArgumentException(
          "mode of %s: OFF (expected: ACME or LOCAL)".formatted(host));
    }
    if (!together.isEmpty() && (mode != TlsMode.ACME || !together.contains(host))) {
      throw new IllegalArgumentException(
          "together with %s: %s (expected: this name among them, and ACME)"
              .formatted(host, together));
    }
  }

  /** A name that has its own certificate. */
  public WantedName(HostPattern host, TlsMode mode, boolean onDemand) {
    this(host, mode, onDemand, List.of());
  }

  /** A name that is routed, and has its own certificate. */
  public WantedName(HostPattern host, TlsMode mode) {
    this(host, mode, false);
  }

  /** The name that orders the certificate, which is this one where it has its own. */
  HostPattern main() {
    return together.isEmpty() ? host : together.getFirst();
  }

  /** Whether another name orders the certificate. */
  boolean isTakenOver() {
    return !main().equals(host);
  }

  /** All names that the certificate is for, this one where it has its own. */
  List<HostPattern> all() {
    return together.isEmpty() ? List.of(host) : together;
  }

  /**
   * What the certificate has to name, so that it is for {@link #all}: without those that a wildcard
   * among them stands for, as Let's Encrypt refuses an order for both.
   */
  List<HostPattern> ordered() {
    List<HostPattern> all = all();
    return all.stream()
        .filter(each -> Names.wildcardAbove(each).filter(all::contains).isEmpty())
        .distinct()
        .toList();
  }

  /** The same, as an order's state has it: empty where the name has its own. */
  List<HostPattern> orderedTogether() {
    return together.isEmpty() ? together : ordered();
  }

  /** Whether a certificate is for all of them. */
  boolean isCovered(X509Certificate certificate) {
    return all().stream().allMatch(each -> Names.isFor(certificate, each));
  }

  /** What is wrong with the certificate, said of this name. */
  String waiting(String problem) {
    return isTakenOver()
        ? "waits for the certificate that it shares with %s: %s".formatted(main(), problem)
        : problem;
  }
}
