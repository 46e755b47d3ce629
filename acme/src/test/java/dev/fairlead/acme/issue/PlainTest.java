package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;
import org.shredzone.acme4j.toolbox.JSON;

class PlainTest {

  private static final URI CA = URI.create("https://ca.example.org/directory");

  @Test
  void whatACaSaysIsOneLineThatMovesNoCursor() {
    assertThat(Plain.clean(" too\r\nmany\u0000 \u001b[2Korders ")).isEqualTo("too many [2Korders");
    // line and paragraph separators, "next line", the C1 escape, and what turns text round
    assertThat(Plain.clean("a\u2028b\u2029c\u0085d\u009b2Ke\u202egnp\u2066f"))
        .isEqualTo("a b c d 2Ke gnp f");
    assertThat(Plain.clean("straße 日本 — “ok”")).isEqualTo("straße 日本 — “ok”");
  }

  @Test
  void whatIsLongIsCut() {
    assertThat(Plain.clean("x".repeat(5_000))).hasSize(301).endsWith("x…");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          invalidContact          | (expected: another acme.email, or none)
          unsupportedContact      | (expected: another acme.email, or none)
          rejectedIdentifier      | (expected: another name, another acme.directory, or fairlead.tls=local)
          externalAccountRequired | (expected: acme.eab.key-id and acme.eab.hmac-key, as it gives them to its customers)
          caa                     | (expected: a CAA entry that allows this CA, or none)
          """)
  void whatTheCaRefusesNamesTheSettingOrTheRecord(String type, String hint) throws Exception {
    assertThat(refused(type)).isEqualTo("the CA says: no (of a test) " + hint);
  }

  @Test
  void anAccountThatTheCaDoesNotServeIsNoMatterOfTheNamesAddress() throws Exception {
    assertThat(refused("unauthorized"))
        .startsWith("the CA says: no (of a test) (expected: an account that may do this; fix:")
        .contains("account.key.pem")
        .doesNotContain("DNS", "router");
    assertThat(Plain.sentence(problem("unauthorized"), Challenge.HTTP_01))
        .as("of a look at the name")
        .endsWith(
            "(expected: the name's DNS leads here, and the router forwards ports 80 and 443)");
  }

  @Test
  void newTermsNameThePlaceToAgreeAt() throws Exception {
    Problem problem =
        new Problem(
            JSON.parse(
                "{\"type\": \"urn:ietf:params:acme:error:userActionRequired\", \"detail\":"
                    + " \"new terms\", \"instance\": \"https://ca.example.org/agree\"}"),
            CA.toURL());
    URI terms = URI.create("https://ca.example.org/terms");

    assertThat(said(new AcmeUserActionRequiredException(problem, terms)))
        .startsWith("the CA wants its terms of service to be agreed to again: new terms")
        .endsWith(" (expected: that is done at https://ca.example.org/agree)");
    assertThat(said(new AcmeUserActionRequiredException(problem("userActionRequired"), terms)))
        .endsWith(" (expected: that is done at https://ca.example.org/terms)");
    assertThat(said(new AcmeUserActionRequiredException(problem("userActionRequired"), null)))
        .endsWith(" (expected: that is done at the CA's site)");
  }

  private static String said(AcmeException failure) {
    return String.valueOf(Plain.failure(CA, Challenge.HTTP_01, failure).getMessage());
  }

  private static String refused(String type) throws Exception {
    return said(new AcmeServerException(problem(type)));
  }

  private static Problem problem(String type) throws Exception {
    return new Problem(
        JSON.parse(
            "{\"type\": \"urn:ietf:params:acme:error:%s\", \"detail\": \"no (of a test)\"}"
                .formatted(type)),
        CA.toURL());
  }
}
