package dev.fairlead.config.bootstrap;

import java.util.Optional;

/**
 * What a CA lets one account have; what is missing has no limit.
 *
 * @param orders new orders of the account
 * @param domain certificates for names below one registered domain
 * @param names certificates for exactly the same names
 * @param validations failed validations of one name
 */
public record AcmeLimits(
    Optional<Rate> orders,
    Optional<Rate> domain,
    Optional<Rate> names,
    Optional<Rate> validations) {

  /** No limit at all. */
  public static final AcmeLimits NONE =
      new AcmeLimits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
