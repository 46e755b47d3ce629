package dev.fairlead.acme.simulated;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One order for one host. */
final class SimulatedOrder {

  /** How far it has come (RFC 8555 §7.1.6). */
  enum Status {
    PENDING,
    READY,
    VALID,
    INVALID
  }

  final int number;
  final String host;
  final boolean exempt;
  Status status = Status.PENDING;
  @Nullable List<X509Certificate> chain;

  SimulatedOrder(int number, String host, boolean exempt) {
    this.number = number;
    this.host = host;
    this.exempt = exempt;
  }
}
