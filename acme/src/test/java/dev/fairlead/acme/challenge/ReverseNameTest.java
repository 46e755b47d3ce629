package dev.fairlead.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.HostPattern;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseNameTest {

  private static final String ONE =
      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";

  @ParameterizedTest
  @CsvSource({
    "5.113.0.203.in-addr.arpa, 203.0.113.5",
    "1.0.0.127.in-addr.arpa,   127.0.0.1",
    ONE + ", 2001:db8::1",
    // the example of RFC 3596 §2.5
    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa,"
        + " 4321:0:1:2:3:4:567:89ab"
  })
  void isThatOfAnAddress(String name, String address) {
    assertThat(ReverseName.address(name)).contains(HostPattern.parse(address).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "in-addr.arpa",
        ".in-addr.arpa",
        "113.0.203.in-addr.arpa",
        "1.5.113.0.203.in-addr.arpa",
        "05.113.0.203.in-addr.arpa",
        "256.113.0.203.in-addr.arpa",
        "5.113.0.203.in-addr.arpa.",
        "5.113.0.203.in-addr.arpa.example.com",
        "a.b.c.d.in-addr.arpa",
        "203.0.113.5",
        "shop.example.com",
        "ip6.arpa",
        "1.ip6.arpa"
      })
  void othersAreOfNoAddress(String name) {
    assertThat(ReverseName.address(name)).isEmpty();
  }

  @Test
  void soAreThoseThatAreNotOf32Digits() {
    String zeros = ".0".repeat(31) + ".ip6.arpa";
    assertThat(ReverseName.address("1" + zeros)).contains(HostPattern.parse("::1").orElseThrow());
    for (String first : List.of("x", "[", "10", "", "1.0", ":")) {
      assertThat(ReverseName.address(first + zeros)).isEmpty();
    }
    // IPv4 that is mapped into IPv6 is no address of its own.
    assertThat(ReverseName.address("1.0.0.0.0.0.0.a.f.f.f.f" + ".0".repeat(20) + ".ip6.arpa"))
        .isEmpty();
  }

  @Test
  void longOnesAreNotReadAtAll() {
    assertThat(ReverseName.address("0.".repeat(1_000_000) + "ip6.arpa")).isEmpty();
  }
}
