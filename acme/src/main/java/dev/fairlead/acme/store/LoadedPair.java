package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.KeyAndChain;
import java.util.List;
import java.util.Optional;

/**
 * What was found in a certificate's folder.
 *
 * @param generation which generation was in use, to see later whether it changed
 * @param served the generation that the pair is of: an older one when that in use is damaged
 * @param pair empty when there is none that is whole
 * @param remarks sentences about what was passed over or should be repaired
 */
public record LoadedPair(
    Optional<String> generation,
    Optional<String> served,
    Optional<KeyAndChain> pair,
    List<String> remarks) {

  /** Nothing was there. */
  public static final LoadedPair NONE =
      new LoadedPair(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public LoadedPair {
    remarks = List.copyOf(remarks);
  }
}
