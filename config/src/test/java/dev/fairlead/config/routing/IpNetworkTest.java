package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpNetworkTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "192.0.2.7, 192.0.2.7/32",
    "0.0.0.0/0, 0.0.0.0/0",
    "10.128.0.0/9, 10.128.0.0/9",
    "FD00::/8, fd00::/8",
    "::1, ::1/128",
    "::/0, ::/0",
    "::ffff:10.0.0.0/8, 10.0.0.0/8"
  })
  void readsNetworksAndSingleAddresses(String text, String shown) {
    assertThat(IpNetwork.parse(text).orElseThrow()).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/999",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "10.0.0.5/8",
        "10.128.0.0/8",
        "10.0.0/8",
        "fd00::1/8",
        "::/129",
        "fe80::%eth0/64",
        "localhost",
        "10.0.0.0 /8"
      })
  void refusesWhatIsNoNetwork(String text) {
    assertThat(IpNetwork.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.128.0.0/9, 10.127.255.255, false",
    "10.128.0.0/9, 10.128.0.0, true",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fe00::1, false",
    "::/0, 10.0.0.1, false"
  })
  void containsWhatBeginsWithItsBits(String network, String address, boolean expected) {
    assertThat(IpNetwork.parse(network).orElseThrow().contains(InetAddress.ofLiteral(address)))
        .isEqualTo(expected);
  }

  @Test
  void cannotBeMadeOfAnotherAddressThanItsFirst() {
    assertThatThrownBy(() -> new IpNetwork(InetAddress.ofLiteral("10.0.0.1"), 8))
        .hasMessage("network: 10.0.0.1/8 (expected: the first address of a network)");
  }
}
