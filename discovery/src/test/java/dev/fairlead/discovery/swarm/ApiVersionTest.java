package dev.fairlead.discovery.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which version of the API is spoken. */
class ApiVersionTest {

  private static String prefix(String theirs) {
    return ApiVersion.prefix(ApiVersion.parse(theirs));
  }

  @Test
  void isTheOlderOfTheTwo() {
    assertThat(prefix("1.41")).isEqualTo("/v1.41");
    assertThat(prefix("1.9")).isEqualTo("/v1.9");
    assertThat(prefix("1.44")).isEqualTo("/v1.44");
    assertThat(prefix("1.100")).isEqualTo("/v1.52");
    assertThat(prefix("2.0")).isEqualTo("/v1.52");
  }

  @Test
  void isLeftToAnEngineWhoseVersionCannotBeRead() {
    for (String text : new String[] {"", "1", "1.x", "1.41/../..", "-1.2", "99999.1"}) {
      assertThat(prefix(text)).isEmpty();
    }
    assertThat(ApiVersion.parse(null)).isEqualTo(Optional.empty());
  }
}
