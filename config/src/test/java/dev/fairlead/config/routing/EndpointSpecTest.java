package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointSpecTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.1.5:8080,             10.0.1.5:8080",
    "255.255.255.255:65535,     255.255.255.255:65535",
    "0.0.0.1:1,                 0.0.0.1:1",
    "[fd00::5]:80,              [fd00::5]:80",
    "[FD00:0:0:0:0:0:0:5]:80,   [fd00::5]:80",
    "[::]:80,                   [::]:80",
    "[::1]:80,                  [::1]:80",
    "[1::]:80,                  [1::]:80",
    "[1:0:0:2:0:0:0:3]:80,      [1:0:0:2::3]:80",
    "[1:0:0:2:3:0:0:4]:80,      [1::2:3:0:0:4]:80",
    "[1:0:2:3:4:5:6:7]:80,      [1:0:2:3:4:5:6:7]:80",
    "[10:0:0:20:30:40:50:60]:80, [10::20:30:40:50:60]:80",
    "[::ffff:10.0.0.1]:80,      10.0.0.1:80",
    "[64:ff9b::10.0.0.1]:80,    [64:ff9b::a00:1]:80",
  })
  void readsEqualAddressesAsEqual(String text, String normal) {
    EndpointSpec endpoint = EndpointSpec.parse(text).orElseThrow();

    assertThat(endpoint).hasToString(normal);
    assertThat(EndpointSpec.parse(normal)).contains(endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "10.0.1.5",
        "10.0.1:80",
        "10.0.1.5.6:80",
        "10.0.1.256:80",
        "010.0.0.1:80",
        "10.0.0.00:80",
        "10..0.1:80",
        "10.0.0.1.:80",
        "0x0a.0.0.1:80",
        "167772161:80",
        "localhost:80",
        "10.0.0.1:0",
        "10.0.0.1:080",
        "10.0.0.1:65536",
        "10.0.0.1:+80",
        "10.0.0.1: 80",
        "10.0.0.1:999999999999",
        "fd00::5:80",
        "[fd00::5]",
        "[:::]:80",
        "[1:2:3]:80",
        "[1:2:3:4:5:6:7:8:9]:80",
        "[1::2::3]:80",
        "[12345::]:80",
        "[.:.:.]:80",
        "[fe80::1%eth0]:80",
        "[10.0.0.1]x:80",
        "١٠.0.0.1:80"
      })
  void refusesWhatIsNoAddressInDigits(String text) {
    assertThat(EndpointSpec.parse(text)).isEmpty();
  }

  @Test
  void isEqualHoweverItsAddressWasWritten() {
    assertThat(new EndpointSpec("FD00:0::5", 80)).isEqualTo(new EndpointSpec("fd00::5", 80));
  }

  @Test
  void cannotBeMadeFromNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EndpointSpec("localhost", 80))
        .withMessage("address: localhost (expected: an IP address)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EndpointSpec("10.0.0.1", 0))
        .withMessage("port: 0 (expected: 1 to 65535)");
  }
}
