package dev.fairlead.proxy.forward;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Answers to http-01 challenges (RFC 8555 §8.3). */
@FunctionalInterface
public interface HttpChallenges {

  /**
   * The key authorization for a token. Called on event loops: must not wait, but the answer may
   * come later, on any thread, and must come within a few seconds.
   *
   * @param token as the client sent it: anything
   * @return empty when no such challenge is pending
   */
  CompletionStage<Optional<String>> keyAuthorization(String token);
}
