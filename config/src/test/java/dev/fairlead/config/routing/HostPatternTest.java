package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

  @ParameterizedTest
  @CsvSource({
    "shop.example.com,   shop.example.com, false",
    "Shop.EXAMPLE.com,   shop.example.com, false",
    "' shop.example.com ', shop.example.com, false",
    "*.Example.com,      example.com,      true",
    "localhost,          localhost,        false",
    "my_shop.example.com, my_shop.example.com, false",
    "xn--mller-kva.de,   xn--mller-kva.de, false",
  })
  void readsNamesInEitherCase(String text, String suffix, boolean wildcard) {
    assertThat(HostPattern.parse(text)).contains(new HostPattern(wildcard, suffix));
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.5,            203.0.113.5,    203.0.113.5",
    "' 203.0.113.5 ',        203.0.113.5,    203.0.113.5",
    "[2001:db8::1],          2001:db8::1,    [2001:db8::1]",
    "2001:db8::1,            2001:db8::1,    [2001:db8::1]",
    "2001:DB8:0:0:0:0:0:1,   2001:db8::1,    [2001:db8::1]",
    "2001:0db8::0:0001,      2001:db8::1,    [2001:db8::1]",
    "2001:db8:0:1:1:1:1:1,   2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]",
    "::1,                    ::1,            [::1]",
    "::,                     ::,             [::]",
    "64:ff9b::203.0.113.5,   64:ff9b::cb00:7105, [64:ff9b::cb00:7105]",
  })
  void readsAddressesIntoTheirOneForm(String text, String address, String authority) {
    HostPattern host = HostPattern.parse(text).orElseThrow();
    assertThat(host).isEqualTo(new HostPattern(false, address)).hasToString(address);
    assertThat(host.isAddress()).isTrue();
    assertThat(host.address()).contains(InetAddress.ofLiteral(address));
    assertThat(host.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "203.0.113.256",
        "203.0.113",
        "203.0.113.05",
        "203.0.113.5.1",
        "203.0.113.5.",
        "203.0.113.5:443",
        "203.0.113.5/32",
        "[203.0.113.5]",
        "*.203.0.113.5",
        "*.0.113.5",
        "3405803781",
        "shop.5",
        "[2001:db8::1",
        "2001:db8::1]",
        "[[2001:db8::1]]",
        "[2001:db8::1]:443",
        "[]",
        "2001:db8::1/64",
        "2001:db8::1%eth0",
        "2001:db8:::1",
        "1:2:3:4:5:6:7",
        "*.2001:db8::1",
        "*.[2001:db8::1]",
        "::ffff:203.0.113.5",
        "[::ffff:cb00:7105]"
      })
  void refusesWhatIsNeitherAnAddressNorAName(String text) {
    assertThat(HostPattern.parse(text)).isEmpty();
  }

  @Test
  void aNameIsNoAddress() {
    HostPattern name = new HostPattern(false, "shop5.example.com");
    assertThat(name.isAddress()).isFalse();
    assertThat(name.address()).isEmpty();
    assertThat(name.authority()).isEqualTo("shop5.example.com");
    assertThat(new HostPattern(true, "example.com").authority()).isEqualTo("*.example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "false, 2001:DB8::1",
    "false, 2001:db8:0::1",
    "false, [2001:db8::1]",
    "false, 203.0.113.256",
    "true, 203.0.113.5",
    "true, 2001:db8::1"
  })
  void cannotBeMadeFromAnotherFormOfAnAddress(boolean wildcard, String suffix) {
    assertThatIllegalArgumentException().isThrownBy(() -> new HostPattern(wildcard, suffix));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "a.*.b",
        "**.b",
        "a..b",
        ".a",
        "a.",
        "-a.b",
        "a-.b",
        "a b",
        "a/b",
        "a:80",
        "https://a.b",
        "müller.de",
        "a\nb",
        "a.b\r\nX: y",
        "\u212Aube.example.com",
        "a.b_c"
      })
  void refusesWhatIsNoName(String text) {
    assertThat(HostPattern.parse(text)).isEmpty();
  }

  @Test
  void refusesNamesAndLabelsThatAreTooLong() {
    String label = "a".repeat(63);
    String longest = String.join(".", label, label, label, "a".repeat(61));

    assertThat(HostPattern.parse(longest)).isPresent();
    assertThat(HostPattern.parse(longest + "a")).isEmpty();
    assertThat(HostPattern.parse(label + "a.b")).isEmpty();
  }

  @Test
  @Timeout(5)
  void answersHostileTextsAtOnce() {
    assertThat(HostPattern.parse("a-".repeat(1_000_000))).isEmpty();
    assertThat(HostPattern.parse("a.".repeat(1_000_000))).isEmpty();
    assertThat(HostPattern.parse("a-".repeat(126) + "!")).isEmpty();
    assertThat(HostPattern.parse("1".repeat(1_000_000))).isEmpty();
    assertThat(HostPattern.parse("1.".repeat(1_000_000))).isEmpty();
    assertThat(HostPattern.parse("[" + ":".repeat(1_000_000) + "]")).isEmpty();
  }

  @Test
  void cannotBeMadeFromWhatIsNoName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HostPattern(false, "Shop.example.com"))
        .withMessage("host: Shop.example.com (expected: a host name or an IP address)");
  }

  @Test
  void isWrittenAsItIsRead() {
    assertThat(new HostPattern(true, "example.com")).hasToString("*.example.com");
    assertThat(new HostPattern(false, "example.com")).hasToString("example.com");
  }
}
