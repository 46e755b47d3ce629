package dev.fairlead.proxy.testing;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which something was not released. Registered for every test by {@code
 * META-INF/services}; JUnit makes it before it runs the first test.
 */
public final class LeakExtension implements AfterAllCallback {

  static {
    Leaks.watch();
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    // A nested class is looked at with the class around it.
    if (context.getTestClass().map(Class::getEnclosingClass).isPresent()) {
      return;
    }
    List<String> leaks = Leaks.take();
    if (!leaks.isEmpty()) {
      throw new AssertionError(leaks.size() + " leaks: " + String.join("\n", leaks));
    }
  }
}
