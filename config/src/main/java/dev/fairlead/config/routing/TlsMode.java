package dev.fairlead.config.routing;

/** Where the certificate of a host comes from. */
public enum TlsMode {
  /** From the ACME certificate authority; from the local CA until it was issued. */
  ACME,
  /** From the built-in local CA, for names that no public CA can reach. */
  LOCAL,
  /** No certificate: the route is served by plain HTTP only. */
  OFF
}
