package dev.fairlead.app.instance;

import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.forward.HttpChallenges;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * From the answers to http-01 that acme keeps to those that the data plane gives.
 *
 * @param board looks a token up
 */
record ChallengeBridge(AcmeSettings acme, Function<String, CompletionStage<Answer<String>>> board) {

  /** Is {@link HttpChallenges}. */
  CompletionStage<HttpChallenges.Answer> keyAuthorization(String host, String token) {
    return board
        .apply(token)
        .thenApply(
            answer ->
                switch (answer) {
                  case Answer.Found<String>(String text) -> new HttpChallenges.Known(text);
                  case Answer.None<String> _ -> new HttpChallenges.None();
                  case Answer.Unknown<String> _ ->
                      isShownByHttp(host)
                          ? new HttpChallenges.Unknown()
                          : new HttpChallenges.None();
                });
  }

  // What is shown in another way has no token of ours: one that is asked for is the app's.
  private boolean isShownByHttp(String host) {
    Optional<Challenge> challenge = HostPattern.parse(host).map(acme::challenge);
    return challenge.isEmpty() || challenge.get() == Challenge.HTTP_01;
  }
}
