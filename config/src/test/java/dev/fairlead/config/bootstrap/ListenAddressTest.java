package dev.fairlead.config.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    ":443,              :443",
    ":0,                :0",
    "127.0.0.1:443,     127.0.0.1:443",
    "localhost:443,     localhost:443",
    "[::1]:443,         [::1]:443",
    "[0:0:0:0:0:0:0:1]:443, [::1]:443",
  })
  void readsAddresses(String text, String shown) {
    assertThat(ListenAddress.parse(text).orElseThrow()).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "443",
        ":",
        ":65536",
        ":99999",
        ":-1",
        "::1:443",
        "[::1]",
        "[:::::]:443",
        "[a.b]:443",
        "a b:443",
        "a:b:443",
        "http://a:443",
        ":٤٤٣"
      })
  void refusesOtherTexts(String text) {
    assertThat(ListenAddress.parse(text)).isEmpty();
  }
}
