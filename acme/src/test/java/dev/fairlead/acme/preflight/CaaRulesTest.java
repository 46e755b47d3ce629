package dev.fairlead.acme.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.dns.CaaSet;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaaRulesTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.com");
  private static final HostPattern WILDCARD = new HostPattern(true, "example.com");
  private static final URI ACCOUNT = URI.create("https://ca.example/acct/1");

  @Test
  void namesOfTheCaAllowIt() {
    assertThat(problem(HOST, "issue letsencrypt.org")).isEmpty();
    assertThat(problem(HOST, "issue LetsEncrypt.org")).isEmpty();
    assertThat(problem(HOST, "issue digicert.com", "issue letsencrypt.org")).isEmpty();
    assertThat(problem(HOST, "issue letsencrypt.org; validationmethods=dns-01,http-01")).isEmpty();
    assertThat(problem(HOST, "issue letsencrypt.org; accounturi=" + ACCOUNT)).isEmpty();
    assertThat(problem(HOST, "issue letsencrypt.org; what=ever")).isEmpty();
  }

  @Test
  void otherNamesForbidIt() {
    assertThat(problem(HOST, "issue digicert.com"))
        .contains(
            "the CAA records of example.com allow \"digicert.com\" and not this order (expected:"
                + " one more, example.com. CAA 0 issue \"letsencrypt.org\")");
    assertThat(problem(HOST, "issue ;").orElseThrow()).contains(" allow nobody ");
    assertThat(problem(HOST, "issue notletsencrypt.org")).isPresent();
  }

  @Test
  void parametersForbidIt() {
    assertThat(problem(HOST, "issue letsencrypt.org; validationmethods=dns-01")).isPresent();
    assertThat(problem(HOST, "issue letsencrypt.org; accounturi=" + ACCOUNT + "0")).isPresent();
    assertThat(problem(HOST, "issue letsencrypt.org; validationmethods")).isPresent();
  }

  @Test
  void wildcardsHaveRecordsOfTheirOwn() {
    assertThat(problem(WILDCARD, "issue digicert.com", "issuewild letsencrypt.org")).isEmpty();
    assertThat(problem(WILDCARD, "issue letsencrypt.org", "issuewild ;").orElseThrow())
        .contains("CAA 0 issuewild \"letsencrypt.org\"");
    assertThat(problem(WILDCARD, "issue letsencrypt.org")).isEmpty();
    assertThat(problem(HOST, "issue letsencrypt.org", "issuewild ;")).isEmpty();
    assertThat(problem(HOST, "issuewild ;")).isEmpty();
  }

  @Test
  void whatNobodyKnowsForbidsItOnlyWhenItIsCritical() {
    assertThat(problem(HOST, "iodef mailto:a@example.com")).isEmpty();
    assertThat(problem(HOST, "future x", "issue letsencrypt.org")).isEmpty();
    assertThat(problem(HOST, "!future x", "issue letsencrypt.org").orElseThrow())
        .startsWith("the CAA record \"future\" of example.com is critical");
    assertThat(problem(HOST, "!issue letsencrypt.org")).isEmpty();
  }

  @Test
  void aCaWithoutANameIsNotJudged() {
    CaaSet records =
        new CaaSet("example.com", List.of(new CaaSet.Entry(false, "issue", "digicert.com")));
    assertThat(CaaRules.problem(records, new Question(HOST, Challenge.HTTP_01))).isEmpty();
  }

  /** Entries as {@code tag value}, critical with a {@code !} in front. */
  private static Optional<String> problem(HostPattern host, String... entries) {
    List<CaaSet.Entry> parsed =
        Arrays.stream(entries)
            .map(text -> text.split(" ", 2))
            .map(
                parts ->
                    new CaaSet.Entry(parts[0].startsWith("!"), parts[0].replace("!", ""), parts[1]))
            .toList();
    return CaaRules.problem(
        new CaaSet("example.com", parsed),
        new Question(host, Challenge.HTTP_01, Set.of("letsencrypt.org"), Optional.of(ACCOUNT), 0));
  }
}
