package dev.fairlead.app;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long each test of this module waits for a condition when it does not say so itself. What
 * takes a second here may take half a minute on a machine that is full; only a failure waits for
 * the whole time.
 */
public final class PatienceExtension implements BeforeAllCallback {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
