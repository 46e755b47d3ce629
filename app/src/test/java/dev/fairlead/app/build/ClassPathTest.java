package dev.fairlead.app.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Main;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found where, on a class path in the order of the one that is shipped. */
class ClassPathTest {

  /** Else every start reads 10,000 names for the engine's HTTP client. */
  @Test
  void theShortListOfPublicSuffixesIsFoundFirst() throws IOException {
    List<URL> lists =
        Collections.list(
            Main.class
                .getClassLoader()
                .getResources("org/publicsuffix/list/effective_tld_names.dat"));
    assertThat(lists).hasSize(2);
    assertThat(lists.getFirst().toString()).contains("discovery");
    try (var list = lists.getFirst().openStream()) {
      assertThat(list.readAllBytes()).hasSizeLessThan(1000);
    }
  }
}
