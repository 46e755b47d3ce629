package dev.fairlead.config.bootstrap;

/**
 * How many certificates are ordered because clients come for their names.
 *
 * @param names that there are at most, of all services
 * @param perHour how many of them come within an hour at most
 */
public record OnDemandSettings(int names, int perHour) {

  /** What holds unless something else is set. */
  public static final OnDemandSettings DEFAULT = new OnDemandSettings(1000, 10);
}
