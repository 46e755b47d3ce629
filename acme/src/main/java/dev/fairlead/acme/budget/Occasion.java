package dev.fairlead.acme.budget;

/** What an order is for: limits hold for some more than for others. */
public enum Occasion {
  /** The first certificate of a name, or the first for months. */
  FIRST,
  /**
   * The first of a name that a visitor came for: counted as {@link #FIRST}, and leaves half of each
   * limit that others need to names that are routed.
   */
  ON_DEMAND,
  /**
   * A further one of the same names: exempt from what is counted for the account and the domain.
   */
  RENEWAL,
  /** One whose order names the certificate that it replaces (RFC 9773 §5): exempt from all. */
  REPLACEMENT;

  /** Whether the name has had no certificate for long. */
  public boolean isFirst() {
    return this == FIRST || this == ON_DEMAND;
  }
}
