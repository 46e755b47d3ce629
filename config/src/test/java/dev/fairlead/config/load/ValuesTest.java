package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.schema.Catalogue;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.Reading;
import dev.fairlead.config.schema.ValueType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {

  @Test
  void neverShowsASecret() {
    Option<String> key =
        Option.optional(
                "key",
                new ValueType<String>("key", text -> new Reading.Refused<>(text, "another key")),
                "",
                "A key.",
                "k")
            .hidden();
    Problems problems = new Problems();

    new Values(Catalogue.of(key), Map.of("key", Entry.of("FAIRLEAD_KEY", "s3cret")), problems);

    assertThat(Shown.problems(problems.sorted()))
        .isEqualTo("FAIRLEAD_KEY: *** (expected: another key)");
  }
}
