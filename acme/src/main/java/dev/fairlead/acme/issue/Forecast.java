package dev.fairlead.acme.issue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.acme.preflight.Preflight;
import dev.fairlead.acme.preflight.Question;
import dev.fairlead.acme.preflight.Report;
import dev.fairlead.acme.preflight.Verdict;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  private static final int MOST_DOUBTS = 3;
  private static final int FINGERPRINT_BYTES = 8;

  private final Optional<Preflight> preflight;
  private final OrderRequest request;
  private final Function<HostPattern, AcmeSettings.Challenge> challenge;
  private final List<String> doubts = new ArrayList<>();

  /**
   * @param preflight empty to know nothing, and make every order
   * @param challenge that will be answered for each name
   */
  Forecast(
      Optional<Preflight> preflight,
      OrderRequest request,
      Function<HostPattern, AcmeSettings.Challenge> challenge) {
    this.preflight = preflight;
    this.request = request;
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
    Set<String> issuers = issuers(login);
    URI account = URI.create(login.getAccountLocation().toString());
    Map<HostPattern, Report> reports = new LinkedHashMap<>();
    for (HostPattern name : request.names()) {
      reports.put(
          name,
          preflight
              .get()
              .look(
                  new Question(
                      name,
                      challenge.apply(name),
                      issuers,
                      Optional.of(account),
                      journal.state().failures())));
    }
    journal.seen(seen(reports.values().stream().map(Report::seen).toList()));
    for (Map.Entry<HostPattern, Report> report : reports.entrySet()) {
      judge(report.getKey(), report.getValue().verdict());
    }
  }

  private void judge(HostPattern name, Verdict verdict) throws IssueException {
    switch (verdict) {
      case Verdict.Ready _ -> LOG.debug("certificate of {}: may be ordered", name);
      case Verdict.Doubtful(String why) -> {
        doubts.add(why);
        LOG.debug("certificate of {}: ordered, although {}", name, why);
      }
      case Verdict.Wrong(String why) ->
          throw request.about(name, IssueException.orderIsOver(why).ofName());
    }
  }

  /** What was seen of several names as one fingerprint; of one it is its own. */
  static String seen(List<String> each) {
    if (each.size() == 1) {
      return each.getFirst();
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(String.join(" ", each).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Set<String> issuers(Login login) throws AcmeException {
    return login.getSession().getMetadata().getCaaIdentities().stream()
        .filter(issuer -> ISSUER.matcher(issuer).matches())
        .collect(Collectors.toSet());
  }

  /** A failure that is the name's own, with what was seen of the name before. */
  IssueException explain(IssueException failure) {
    return failure.mayAnotherCaHelp() || doubts.isEmpty()
        ? failure
        : failure.with(
            "; before the order it was seen that "
                + doubts.stream().limit(MOST_DOUBTS).collect(Collectors.joining("; ")));
  }
}
