package dev.fairlead.discovery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How well discovery does.
 *
 * @param published whether anything was published yet
 * @param providers in the order they were given
 */
public record Health(boolean published, List<ProviderHealth> providers) {

  public Health {
    providers = List.copyOf(providers);
  }

  /** Whether every provider has been looked at with success at least once. */
  public boolean complete() {
    return published
        && providers.stream().allMatch(provider -> provider.lastGoodLook().isPresent());
  }

  /**
   * How well one provider does.
   *
   * @param name of the provider
   * @param lastGoodLook when it last said all it knows; empty when it never did
   * @param failure why its newest look failed, in one sentence; empty when it did not
   */
  public record ProviderHealth(
      String name, Optional<Instant> lastGoodLook, Optional<String> failure) {}
}
