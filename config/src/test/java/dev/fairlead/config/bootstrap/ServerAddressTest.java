package dev.fairlead.config.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.53,192.0.2.53:53",
    "192.0.2.53:5353,192.0.2.53:5353",
    "2001:DB8::53,[2001:db8::53]:53",
    "[2001:db8::53],[2001:db8::53]:53",
    "[2001:db8::53]:5353,[2001:db8::53]:5353",
    "NS.example.com,ns.example.com:53",
    "ns.example.com:1053,ns.example.com:1053",
    "localhost,localhost:53",
  })
  void readsAddressesAndNamesWithAndWithoutAPort(String text, String server) {
    assertThat(ServerAddress.parse(text, 53).map(ServerAddress::toString)).contains(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":53",
        "ns.example.com:",
        "ns.example.com:0",
        "ns.example.com:65536",
        "a b",
        "*.example.com",
        "[::1",
        "[nonsense]:53",
        "2001:db8::g",
        "ns_.example.com/53",
        "udp://192.0.2.53"
      })
  void refusesEverythingElse(String text) {
    assertThat(ServerAddress.parse(text, 53)).isEmpty();
  }
}
