package dev.fairlead.proxy.forward;

import java.util.concurrent.CompletionStage;

/** Answers to http-01 challenges (RFC 8555 §8.3). */
@FunctionalInterface
public interface HttpChallenges {

  /**
   * The key authorization for a token. Called on event loops: must not wait, but the answer may
   * come later, on any thread, and must come within a few seconds. One that fails is taken for
   * {@link Unknown}.
   *
   * @param host as {@link dev.fairlead.proxy.message.RequestHead#host} has it
   * @param token as the client sent it: anything
   */
  CompletionStage<Answer> keyAuthorization(String host, String token);

  /** What is known of a token. */
  sealed interface Answer {}

  /** The challenge is pending, and this is the answer. */
  record Known(String keyAuthorization) implements Answer {

    @Override
    public String toString() {
      return "Known";
    }
  }

  /** No such challenge of ours is pending. */
  record None() implements Answer {}

  /** It could not be found out whether one is. */
  record Unknown() implements Answer {}
}
