package dev.fairlead.acme.issue;

import dev.fairlead.acme.preflight.Preflight;
import dev.fairlead.acme.preflight.Question;
import dev.fairlead.acme.preflight.Report;
import dev.fairlead.acme.preflight.Verdict;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of an order before it is made, and said of it when it fails. Used once, by one
 * thread.
 */
final class Forecast {

  private static final Logger LOG = LoggerFactory.getLogger(Forecast.class);

  /** What a CA's name in CAA records may be (RFC 8659 §4.2), within what is told to people. */
  private static final Pattern ISSUER = Pattern.compile("[A-Za-z0-9.-]{1,253}");

  private final Optional<Preflight> preflight;
  private final AcmeSettings.Challenge challenge;
  private Optional<String> doubt = Optional.empty();

  /**
   * @param preflight empty to know nothing, and make every order
   */
  Forecast(Optional<Preflight> preflight, AcmeSettings.Challenge challenge) {
    this.preflight = preflight;
    this.challenge = challenge;
  }

  /**
   * Looks whether an order can succeed; called before anything is spent on it.
   *
   * @throws IssueException when it cannot
   */
  void check(Login login, Journal journal)
      throws AcmeException, IssueException, InterruptedException {
    if (preflight.isEmpty()) {
      return;
    }
    Report report =
        preflight
            .get()
            .look(
                new Question(
                    journal.host(),
                    challenge,
                    issuers(login),
                    Optional.of(URI.create(login.getAccountLocation().toString())),
                    journal.state().failures()));
    journal.seen(report.seen());
    switch (report.verdict()) {
      case Verdict.Ready _ -> LOG.debug("certificate of {}: may be ordered", journal.host());
      case Verdict.Doubtful(String why) -> {
        doubt = Optional.of(why);
        LOG.debug("certificate of {}: ordered, although {}", journal.host(), why);
      }
      case Verdict.Wrong(String why) -> throw IssueException.orderIsOver(why).ofName();
    }
  }

  private static Set<String> issuers(Login login) throws AcmeException {
    return login.getSession().getMetadata().getCaaIdentities().stream()
        .filter(issuer -> ISSUER.matcher(issuer).matches())
        .collect(Collectors.toSet());
  }

  /** A failure that is the name's own, with what was seen of the name before. */
  IssueException explain(IssueException failure) {
    return failure.mayAnotherCaHelp()
        ? failure
        : doubt
            .map(why -> failure.with("; before the order it was seen that " + why))
            .orElse(failure);
  }
}
