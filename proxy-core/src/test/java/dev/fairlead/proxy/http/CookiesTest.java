package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which cookie is found. */
class CookiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "sid=1                  | 1",
        "a=b; sid=1             | 1",
        "a=b;sid=1              | 1",
        "a=b;   sid=1; sid=2    | 1",
        "sid=1=2                | 1=2",
        "sid=                   | ''",
        "sid=\"1 2\"           | \"1 2\"",
        "SID=1                  | null",
        "sid                    | null",
        "ssid=1                 | null",
        "a=sid=1                | null",
        "sid =1                 | null",
        ";;; ;sid=1             | 1",
        "si                     | null",
        "''                     | null",
      })
  void isFoundByItsName(String field, String value) {
    Headers headers = new Headers().add("Accept", "*").add("Cookie", field);

    assertThat(Cookies.find(headers, "sid")).isEqualTo(value);
  }

  @Test
  void isFoundInAnyOfSeveralFields() {
    Headers headers = new Headers().add("Cookie", "a=1").add("X", "sid=2").add("cookie", "sid=3");

    assertThat(Cookies.find(headers, "sid")).isEqualTo("3");
  }
}
