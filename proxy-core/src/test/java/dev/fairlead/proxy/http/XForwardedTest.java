package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.Visitor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of those who stand in front by {@code X-Forwarded-For} and the like. */
class XForwardedTest {

  private static final Told TOLD =
      Told.of(TrustSettings.Header.X_FORWARDED, ForwardedSettings.Header.X_FORWARDED);

  @Test
  void aStrangerIsItsOwnVisitorWhateverItSays() {
    Visitor visitor =
        TOLD.visitor(Told.STRANGER, "X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https");

    assertThat(visitor.address()).isEqualTo("192.0.2.7");
    assertThat(visitor.secure()).isFalse();
    assertThat(visitor.host()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // nothing said: the front itself asks
        "''                                  | 10.0.0.1    | 10.0.0.1",
        "203.0.113.5                         | 203.0.113.5 | 203.0.113.5, 10.0.0.1",
        // what stands before the first stranger is that one's word
        "1.1.1.1, 203.0.113.5                | 203.0.113.5 | 203.0.113.5, 10.0.0.1",
        "10.0.0.5, 203.0.113.5, 10.0.0.9     | 203.0.113.5 | 203.0.113.5, 10.0.0.9, 10.0.0.1",
        "203.0.113.5, 10.0.0.9               | 203.0.113.5 | 203.0.113.5, 10.0.0.9, 10.0.0.1",
        "10.0.0.8, 10.0.0.9                  | 10.0.0.8    | 10.0.0.8, 10.0.0.9, 10.0.0.1",
        "203.0.113.5:4711                    | 203.0.113.5 | 203.0.113.5, 10.0.0.1",
        "[2001:DB8::1]:443                   | 2001:db8::1 | 2001:db8::1, 10.0.0.1",
        "2001:db8:0:0::1, fd00::2            | 2001:db8::1 | 2001:db8::1, fd00::2, 10.0.0.1",
        "::ffff:203.0.113.5                  | 203.0.113.5 | 203.0.113.5, 10.0.0.1",
        // where one cannot be read, everything before it is left out
        "1.1.1.1, unknown, 10.0.0.9          | 10.0.0.9    | 10.0.0.9, 10.0.0.1",
        "1.1.1.1, <script>                   | 10.0.0.1    | 10.0.0.1",
        "203.0.113.5,                        | 10.0.0.1    | 10.0.0.1",
        "999.0.0.1                           | 10.0.0.1    | 10.0.0.1",
        "203.0.113.5:                        | 10.0.0.1    | 10.0.0.1",
        "203.0.113.5:x                       | 10.0.0.1    | 10.0.0.1",
        "[2001:db8::1                        | 10.0.0.1    | 10.0.0.1",
        "[2001:db8::1]x                      | 10.0.0.1    | 10.0.0.1",
        "[fe80::1%eth0]                      | 10.0.0.1    | 10.0.0.1",
        "[2001:db8::1]:443:443               | 10.0.0.1    | 10.0.0.1",
        "[2001:db8::1]:443443                | 10.0.0.1    | 10.0.0.1",
        "203.0.113.5:_                       | 10.0.0.1    | 10.0.0.1",
        "localhost                           | 10.0.0.1    | 10.0.0.1"
      })
  void theVisitorIsTheLastWhoIsNotTrusted(String said, String address, String chain) {
    Visitor visitor = TOLD.visitor(Told.FRONT, "X-Forwarded-For", said);

    assertThat(visitor.address()).isEqualTo(address);
    assertThat(Told.chain(visitor)).isEqualTo(chain);
  }

  @Test
  void severalFieldsAreOneList() {
    Visitor visitor =
        TOLD.visitor(
            Told.FRONT, "X-Forwarded-For", "203.0.113.5, 10.0.0.3", "x-forwarded-for", "10.0.0.2");

    assertThat(Told.chain(visitor)).isEqualTo("203.0.113.5, 10.0.0.3, 10.0.0.2, 10.0.0.1");
    assertThat(visitor.address()).isEqualTo("203.0.113.5");
  }

  /** A front that writes its own fields passes a name with underscores on as any other. */
  @Test
  void aNameWithUnderscoresIsTheVisitorsOwn() {
    for (boolean last : new boolean[] {false, true}) {
      List<String> fields = new ArrayList<>();
      List<String> fronts =
          List.of(
              "X-Forwarded-For", "203.0.113.5",
              "X-Forwarded-Proto", "http",
              "X-Forwarded-Host", "a.test",
              "X-Forwarded-Port", "8080");
      List<String> visitors =
          List.of(
              "X_Forwarded_For", "127.0.0.1",
              "X-Forwarded_For", "10.0.0.2",
              "X_Forwarded_Proto", "https",
              "X_Forwarded_Host", "evil.test",
              "X_Forwarded_Port", "1");
      fields.addAll(last ? fronts : visitors);
      fields.addAll(last ? visitors : fronts);
      Visitor visitor = TOLD.visitor(Told.FRONT, fields.toArray(String[]::new));

      assertThat(Told.chain(visitor)).isEqualTo("203.0.113.5, 10.0.0.1");
      assertThat(visitor.secure()).isFalse();
      assertThat(visitor.host()).isEqualTo("a.test");
      assertThat(visitor.port()).isEqualTo("8080");
      assertThat(TOLD.linesToApp(Told.FRONT, fields.toArray(String[]::new)))
          .noneMatch(line -> line.contains("evil") || line.contains("127.0.0.1"));
    }
  }

  @Test
  void aLongChainKeepsItsEnd() {
    String said = String.join(",", Collections.nCopies(1000, "10.0.0.3"));

    assertThat(Told.chain(TOLD.visitor(Told.FRONT, "X-Forwarded-For", "203.0.113.5," + said)))
        .isEqualTo("10.0.0.3, ".repeat(32) + "10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "https, true",
    "HTTPS, true",
    "wss, true",
    "'https, http', true",
    "http, false",
    "ws, false",
    "ftp, false",
    "'', false"
  })
  void aTrustedPeerSaysWhetherTheVisitorCameByTls(String said, boolean secure) {
    assertThat(TOLD.visitor(Told.FRONT, "X-Forwarded-Proto", said).secure()).isEqualTo(secure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "user@a", "a:b", ":80", "[::1"})
  void aHostThatIsNoneIsNotPassedOn(String said) {
    assertThat(TOLD.visitor(Told.FRONT, "X-Forwarded-Host", said).host()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "65536", "999999", "8 0"})
  void aPortThatIsNoneIsNotPassedOn(String said) {
    assertThat(TOLD.visitor(Told.FRONT, "X-Forwarded-Port", said).port()).isNull();
  }

  @Test
  void theAppIsToldWhatTheFrontSays() {
    assertThat(
            TOLD.linesToApp(
                Told.FRONT,
                "X-Forwarded-For",
                "203.0.113.5",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "Shop.example.com:8443, inner",
                "X-Forwarded-Prefix",
                "/evil",
                "Forwarded",
                "for=1.1.1.1",
                "X-Real-IP",
                "1.1.1.1"))
        .containsExactly(
            "Host: a.test",
            "X-Forwarded-For: 203.0.113.5, 10.0.0.1",
            "X-Real-IP: 203.0.113.5",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.example.com:8443",
            "X-Forwarded-Port: 8443");
  }

  @Test
  void whatTheFrontDoesNotSayIsSaidOfTheRequest() {
    assertThat(TOLD.linesToApp(Told.FRONT))
        .containsExactly(
            "Host: a.test",
            "X-Forwarded-For: 10.0.0.1",
            "X-Real-IP: 10.0.0.1",
            "X-Forwarded-Proto: http",
            "X-Forwarded-Host: a.test",
            "X-Forwarded-Port: 80");
    assertThat(TOLD.linesToApp(Told.FRONT, "X-Forwarded-Proto", "https"))
        .contains("X-Forwarded-Port: 443");
    assertThat(TOLD.linesToApp(Told.FRONT, "X-Forwarded-Port", "8443"))
        .contains("X-Forwarded-Port: 8443");
    assertThat(TOLD.linesToApp(Told.STRANGER, "X-Forwarded-Port", "1"))
        .contains("X-Forwarded-Port: 80");
  }
}
