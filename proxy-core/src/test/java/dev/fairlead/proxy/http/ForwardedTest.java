package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Visitor;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Forwarded} (RFC 7239), where the settings choose it. */
class ForwardedTest {

  private static final Told TOLD =
      Told.of(TrustSettings.Header.FORWARDED, ForwardedSettings.Header.FORWARDED);

  private static Visitor visitor(String... forwarded) {
    String[] fields = new String[forwarded.length * 2];
    for (int i = 0; i < forwarded.length; i++) {
      fields[2 * i] = "Forwarded";
      fields[2 * i + 1] = forwarded[i];
    }
    return TOLD.visitor(Told.FRONT, fields);
  }

  // ---- reading

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // RFC 7239 §4, as the one word of a front
        "for=\"_gazonk\"                                      | 10.0.0.1              | false",
        "For=\"[2001:db8:cafe::17]:4711\"                     | 2001:db8:cafe::17     | false",
        "for=192.0.2.60;proto=http;by=203.0.113.43            | 192.0.2.60            | false",
        "for=192.0.2.43, for=198.51.100.17                    | 198.51.100.17         | false",
        // §7.4 and §7.5
        "for=192.0.2.43, for=\"[2001:db8:cafe::17]\"          | 2001:db8:cafe::17     | false",
        "for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown | 10.0.0.1            | false",
        "for=_hidden, for=_SEVKISEK                           | 10.0.0.1              | false",
        // as proxies write it
        "for=203.0.113.5;host=shop.example.com;proto=https    | 203.0.113.5           | true",
        "FOR=203.0.113.5 ; Proto=HTTPS                        | 203.0.113.5           | true",
        "for=\"203.0.113.5:4711\";proto=wss                   | 203.0.113.5           | true",
        "for=\"203.0.113.5:_port\"                            | 203.0.113.5           | false",
        "for=\"2\\03.0.113.5\"                                | 203.0.113.5           | false",
        "for=\"2001:DB8::1\"                                  | 2001:db8::1           | false",
        "for=203.0.113.5;secret=\"a, b;c\\\"\\\\\"            | 203.0.113.5           | false",
        ", for=203.0.113.5, ,                                 | 203.0.113.5           | false",
        ";;for=203.0.113.5;                                   | 203.0.113.5           | false",
        // nothing said: the front itself asks
        "``                                                   | 10.0.0.1              | false",
        "by=203.0.113.43                                      | 10.0.0.1              | false"
      })
  void theVisitorIsTheLastWhoIsNotTrusted(String said, String address, boolean secure) {
    assertThat(visitor(said).address()).isEqualTo(address);
    assertThat(visitor(said).secure()).isEqualTo(secure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for",
        "for=",
        "=203.0.113.5",
        "for=203.0.113.5 proto=https",
        "for =203.0.113.5",
        "for= 203.0.113.5",
        "for=2001:db8::1",
        "for=[2001:db8::1]",
        "for=\"",
        "for=\"203.0.113.5",
        "for=\"203.0.113.5\\",
        "for=\"203.0.113.5\"x",
        "for=\"\"",
        "for=203.0.113.5;for=203.0.113.6",
        "for=203.0.113.5;proto=https;proto=http",
        "for=203.0.113.5;host=a.test;host=b.test",
        "for=203.0.113.5;\u00e9=1",
        "for=999.0.113.5",
        "for=localhost",
        "for=\"[fe80::1%eth0]\""
      })
  void whatIsNotInTheFormOfTheRfcIsNobody(String said) {
    Visitor visitor = visitor("for=1.1.1.1;proto=https, " + said);

    assertThat(visitor.address()).isEqualTo("10.0.0.1");
    assertThat(visitor.secure()).isFalse();
    assertThat(visitor.host()).isNull();
  }

  @Test
  void theChainIsReadFromItsEndOverAllFields() {
    assertThat(
            Told.chain(visitor("for=1.1.1.1, for=203.0.113.5", "for=10.0.0.3,for=\"[fd00::2]\"")))
        .isEqualTo("203.0.113.5, 10.0.0.3, fd00::2, 10.0.0.1");
    assertThat(Told.chain(visitor("for=203.0.113.5", "for=unknown", "for=10.0.0.2")))
        .isEqualTo("10.0.0.2, 10.0.0.1");
    assertThat(Told.chain(visitor("for=203.0.113.5", "proto=https"))).isEqualTo("10.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for=\"",
        "x=\"a, for=1.1.1.1",
        "for=\"\\",
        "\\",
        "\"",
        "for=\"1.1.1.1\\\"",
        "\\\\\"\\\"\"",
        "for=1.1.1.1;by=\""
      })
  void aVisitorCannotHideWhatTheFrontAddsBehindItsOwn(String sent) {
    for (String added :
        List.of(
            "for=203.0.113.5;proto=https",
            "for=\"203.0.113.5\";proto=\"https\"",
            "for=\"203.0.113.5:80\";host=\"a.test:80\";proto=https",
            "by=\"_a,b\";for=203.0.113.5;proto=https")) {
      assertThat(visitor(sent + ", " + added).address()).isEqualTo("203.0.113.5");
      assertThat(visitor(sent + "," + added).secure()).isTrue();
      assertThat(visitor(sent, added).address()).isEqualTo("203.0.113.5");
    }
  }

  @Test
  void schemeAndHostAreTheOnesNextToTheVisitor() {
    Visitor visitor =
        visitor(
            "for=1.1.1.1;proto=http;host=evil.test",
            "for=203.0.113.5;proto=https;host=\"Shop.example.com:8443\"",
            "for=10.0.0.2;proto=http;host=inner.test");

    assertThat(visitor.address()).isEqualTo("203.0.113.5");
    assertThat(visitor.secure()).isTrue();
    assertThat(visitor.host()).isEqualTo("shop.example.com:8443");

    // who says less than another is no reason to believe less of that one
    assertThat(visitor("for=203.0.113.5, for=10.0.0.2;proto=https").secure()).isTrue();
  }

  @Test
  void aFrontThatHidesItsVisitorsSpeaksOfTheRestAllTheSame() {
    Visitor visitor = visitor("for=1.1.1.1;proto=http", "for=_v7;proto=https;host=a.example.com");

    assertThat(visitor.address()).isEqualTo("10.0.0.1");
    assertThat(visitor.secure()).isTrue();
    assertThat(visitor.host()).isEqualTo("a.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a b\"", "\"a/b\"", "\"user@a\"", "\":80\"", "\"[::1\"", "\"a:x\""})
  void aHostThatIsNoneIsNotPassedOn(String host) {
    assertThat(visitor("for=203.0.113.5;host=" + host).host()).isNull();
    assertThat(visitor("for=203.0.113.5;host=" + host).address()).isEqualTo("203.0.113.5");
  }

  @Test
  void aLongChainKeepsItsEnd() {
    String said = String.join(",", Collections.nCopies(1000, "for=10.0.0.3"));

    assertThat(Told.chain(visitor("for=203.0.113.5," + said)))
        .isEqualTo("10.0.0.3, ".repeat(32) + "10.0.0.1");
  }

  @Test
  void noTextIsTooStrangeToBeRead() {
    String alphabet = "for=1.\"\\,; [:]_a\tproto=https";
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder said = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        said.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(visitor(said + ",for=203.0.113.5").address())
          .as(said.toString())
          .isEqualTo("203.0.113.5");
      assertThat(visitor(said.toString()).chain()).isNotEmpty();
    }
  }

  @Test
  void onlyTheChosenKindIsBelieved() {
    String[] both = {
      "Forwarded", "for=203.0.113.5;proto=https",
      "X-Forwarded-For", "1.1.1.1",
      "X-Forwarded-Proto", "http"
    };
    Told other = Told.of(TrustSettings.Header.X_FORWARDED, ForwardedSettings.Header.FORWARDED);

    assertThat(TOLD.visitor(Told.FRONT, both).address()).isEqualTo("203.0.113.5");
    assertThat(TOLD.visitor(Told.FRONT, both).secure()).isTrue();
    assertThat(other.visitor(Told.FRONT, both).address()).isEqualTo("1.1.1.1");
    assertThat(other.visitor(Told.FRONT, both).secure()).isFalse();
    assertThat(TOLD.visitor(Told.FRONT, "X-Forwarded-For", "1.1.1.1").address())
        .isEqualTo("10.0.0.1");
  }

  // ---- writing

  @Test
  void aStrangerIsTheOnlyElement() {
    assertThat(
            TOLD.linesToApp(Told.STRANGER, "Forwarded", "for=1.1.1.1", "forwarded", "for=2.2.2.2"))
        .containsExactly("Host: a.test", "Forwarded: for=192.0.2.7;proto=http;host=a.test");
  }

  @Test
  void whatIsNoTokenIsQuoted() {
    ClientInfo v6 = new ClientInfo("2001:db8::7", true, null);
    assertThat(TOLD.linesToApp(v6))
        .contains("Forwarded: for=\"[2001:db8::7]\";proto=https;host=a.test");
    assertThat(
            TOLD.linesToApp(
                Told.FRONT, "Forwarded", "for=\"[2001:DB8::1]:443\";host=\"a.test:8443\""))
        .contains("Forwarded: for=\"[2001:db8::1]\";proto=http;host=\"a.test:8443\", for=10.0.0.1");
    assertThat(TOLD.linesToApp(Told.FRONT, "Forwarded", "for=203.0.113.5;host=\"[fd00::1]\""))
        .contains("Forwarded: for=203.0.113.5;proto=http;host=\"[fd00::1]\", for=10.0.0.1");
  }

  @Test
  void whatATrustedFrontSaysIsExtended() {
    assertThat(
            TOLD.linesToApp(
                Told.FRONT,
                "Forwarded",
                "for=1.1.1.1, for=203.0.113.5;proto=https;by=_x;ext=1, for=10.0.0.2",
                "X-Forwarded-For",
                "9.9.9.9",
                "X-Real-IP",
                "9.9.9.9"))
        .containsExactly(
            "Host: a.test",
            "Forwarded: for=203.0.113.5;proto=https;host=a.test, for=10.0.0.2, for=10.0.0.1");
  }

  @Test
  void bothKindsSayTheSame() {
    Told both = Told.of(TrustSettings.Header.FORWARDED, ForwardedSettings.Header.BOTH);

    assertThat(
            both.linesToApp(
                Told.FRONT, "Forwarded", "for=203.0.113.5;proto=https;host=\"b.test:8443\""))
        .containsExactly(
            "Host: a.test",
            "X-Forwarded-For: 203.0.113.5, 10.0.0.1",
            "X-Real-IP: 203.0.113.5",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: b.test:8443",
            "X-Forwarded-Port: 8443",
            "Forwarded: for=203.0.113.5;proto=https;host=\"b.test:8443\", for=10.0.0.1");
  }
}
