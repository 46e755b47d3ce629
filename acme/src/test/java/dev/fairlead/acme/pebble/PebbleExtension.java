package dev.fairlead.acme.pebble;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a {@link Pebble} for the tests of a class; leaves them out when it is not installed. */
public final class PebbleExtension implements BeforeAllCallback, AfterAllCallback {

  private final Pebble.Conduct conduct;
  private final Pebble.Extras extras;
  private @Nullable Path directory;
  private @Nullable ChallengeResponder responder;
  private @Nullable Pebble pebble;

  /**
   * Makes an extension.
   *
   * @param validity of the certificates
   * @param noncesRejected in percent
   */
  public PebbleExtension(Duration validity, int noncesRejected) {
    this(new Pebble.Conduct(validity, noncesRejected, Duration.ZERO));
  }

  public PebbleExtension(Pebble.Conduct conduct) {
    this(conduct, Pebble.Extras.NONE);
  }

  /** Makes an extension whose certificates live for 90 days. */
  public PebbleExtension(Pebble.Extras extras) {
    this(new Pebble.Conduct(Duration.ofDays(90), 0, Duration.ZERO), extras);
  }

  /** Makes an extension. */
  public PebbleExtension(Pebble.Conduct conduct, Pebble.Extras extras) {
    this.conduct = conduct;
    this.extras = extras;
  }

  public Pebble pebble() {
    return Objects.requireNonNull(pebble);
  }

  public ChallengeResponder responder() {
    return Objects.requireNonNull(responder);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    assumeTrue(
        Pebble.isInstalled(),
        "Left out: pebble is not on the PATH (fix: apt-get install -y pebble)");
    Path place = Files.createTempDirectory("pebble");
    ChallengeResponder answers = new ChallengeResponder();
    directory = place;
    responder = answers;
    pebble = Pebble.start(place, answers, conduct, extras);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (pebble != null) {
      pebble.close();
    }
    if (responder != null) {
      responder.close();
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
