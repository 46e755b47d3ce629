package dev.fairlead.acme;

import dev.fairlead.config.bootstrap.AcmeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * An {@link OrderingProcess} that uses one file after the other as it is let, and is killed
 * (SIGKILL) where it stands.
 */
final class KilledProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader uses;
  private final OutputStream turns;

  private KilledProcess(Process process) {
    this.process = process;
    this.uses =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.turns = process.getOutputStream();
  }

  /** Starts one; names with a blank between them share a certificate. */
  static KilledProcess start(Path storage, AcmeSettings settings, List<String> names)
      throws IOException {
    return new KilledProcess(OrderingProcess.start(storage, settings, names));
  }

  /** Waits until it is about to use a file after something has come true, and does not let it. */
  void awaitThat(Fact fact) throws IOException {
    awaitUse();
    while (!fact.isTrue()) {
      allow();
      awaitUse();
    }
  }

  /** Lets it use fewer than so many files, and perhaps into the middle of the next one. */
  void goOn(int uses, Random random) throws IOException, InterruptedException {
    for (int more = random.nextInt(uses); more > 0; more--) {
      allow();
      awaitUse();
    }
    if (random.nextBoolean()) { // in the middle of using a file, or of asking the CA
      allow();
      process.waitFor(random.nextInt(30), TimeUnit.MILLISECONDS);
    }
  }

  private void awaitUse() throws IOException {
    if (uses.readLine() == null) {
      throw new AssertionError("the process ended by itself, see process.log");
    }
  }

  private void allow() throws IOException {
    turns.write('\n');
    turns.flush();
  }

  /** Kills it. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** What can be seen on the storage. */
  @FunctionalInterface
  interface Fact {
    boolean isTrue() throws IOException;
  }
}
