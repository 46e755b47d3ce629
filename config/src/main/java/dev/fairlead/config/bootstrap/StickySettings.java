package dev.fairlead.config.bootstrap;

import java.util.Optional;

/**
 * How clients stay with a task.
 *
 * @param secret signs their cookies; the same for all instances; if empty, one that they keep on
 *     the storage
 */
public record StickySettings(Optional<String> secret) {

  /** Without the secret. */
  @Override
  public String toString() {
    return "StickySettings[secret=%s]".formatted(secret.isPresent() ? "given" : "none");
  }
}
