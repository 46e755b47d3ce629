package dev.fairlead.acme.bind;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a {@link Bind} for the tests of a class; leaves them out when it is not installed. */
public final class BindExtension implements BeforeAllCallback, AfterAllCallback {

  private @Nullable Path directory;
  private @Nullable Bind bind;

  public Bind bind() {
    return Objects.requireNonNull(bind);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    assumeTrue(
        Bind.program().isPresent(),
        "Left out: named is not installed (fix: apt-get install -y --no-install-recommends bind9)");
    Path place = Files.createTempDirectory("bind");
    directory = place;
    bind = Bind.start(place);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (bind != null) {
      bind.close();
    }
    if (directory != null) {
      try (Stream<Path> files = Files.walk(directory)) {
        List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : deepestFirst) {
          Files.delete(file);
        }
      }
    }
  }
}
