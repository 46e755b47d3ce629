package dev.fairlead.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code -Dreference=write} writes the page instead of comparing it. */
class ReferenceTest {

  private static final Path PAGE = Path.of("..", "docs", "reference.md");

  @Test
  void saysWhatTheCatalogueSays() throws IOException {
    if ("write".equals(System.getProperty("reference"))) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, ReferencePage.markdown());
    }

    assertThat(PAGE)
        .as("write it anew: ./mvnw -pl config test -Dtest=ReferenceTest -Dreference=write")
        .content()
        .isEqualTo(ReferencePage.markdown());
  }
}
