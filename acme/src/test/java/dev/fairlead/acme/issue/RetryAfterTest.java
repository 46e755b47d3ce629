package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void secondsCountFromNow() {
    assertThat(of(Map.of("Retry-After", List.of("36"), "Date", List.of("whenever"))))
        .contains(NOW.plusSeconds(36));
  }

  @Test
  void aDateCountsFromTheAnswersOwn() {
    // The CA's clock is an hour ahead of ours.
    assertThat(
            of(
                Map.of(
                    "Date",
                    List.of("Mon, 23 Nov 2026 13:00:00 GMT"),
                    "Retry-After",
                    List.of("Mon, 23 Nov 2026 13:00:36 GMT"))))
        .contains(NOW.plusSeconds(36));
    assertThat(of(Map.of("Retry-After", List.of("Mon, 23 Nov 2026 12:00:36 GMT"))))
        .contains(NOW.plusSeconds(36));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "1.5", "-3", "99999999999999", "Mon, 99 Nov 2026 12:00:36 GMT"})
  void whatCannotBeReadIsNotThere(String text) {
    assertThat(of(Map.of("Retry-After", List.of(text)))).isEmpty();
  }

  @Test
  void noneIsNone() {
    assertThat(of(Map.of())).isEmpty();
  }

  private static Optional<Instant> of(Map<String, List<String>> headers) {
    return RetryAfter.of(HttpHeaders.of(headers, (name, value) -> true), NOW);
  }
}
