package dev.fairlead.acme.budget;

/** What an order is for: limits hold for some more than for others. */
public enum Occasion {
  /** The first certificate of a name, or the first for months. */
  FIRST,
  /**
   * A further one of the same names: exempt from what is counted for the account and the domain.
   */
  RENEWAL,
  /** One whose order names the certificate that it replaces (RFC 9773 §5): exempt from all. */
  REPLACEMENT
}
