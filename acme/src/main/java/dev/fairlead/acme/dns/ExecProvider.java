package dev.fairlead.acme.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.config.bootstrap.DnsSettings.Exec;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program of the user's, called as {@code <command> present|cleanup <name> <value>}: never by a
 * shell, with nothing of our environment, which may have secrets in it. It succeeds by ending with
 * 0.
 */
final class ExecProvider implements DnsProvider {

  private static final int KEPT_BYTES = 4096;

  /** For what it has said; a program that it started may keep its output open. */
  private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(1);

  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Path command;
  private final Duration limit;

  /**
   * Makes what calls it.
   *
   * @param limit of one call; then it is killed
   */
  ExecProvider(Exec settings, Duration limit) {
    this.command = settings.command();
    this.limit = limit;
  }

  @Override
  public void present(TxtRecord record) throws DnsException, InterruptedException {
    run("present", record);
  }

  @Override
  public void cleanup(TxtRecord record) throws DnsException, InterruptedException {
    run("cleanup", record);
  }

  @Override
  public String whenUnseen(TxtRecord record) {
    return "%s sets the record before it ends, or a longer acme.dns.wait".formatted(command);
  }

  private void run(String action, TxtRecord record) throws DnsException, InterruptedException {
    Process process = start(action, record);
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("dns-exec")
        .start(() -> output.complete(lastLine(process.getInputStream())));
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DnsException(
            "%s %s did not end within %d s (expected: it sets the record and ends)"
                .formatted(command, action, limit.toSeconds()));
      }
      if (process.exitValue() != 0) {
        String said =
            output.completeOnTimeout("", OUTPUT_LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
        throw new DnsException(
            "%s %s ended with %d%s (expected: acme.dns.command ends with 0; run it by hand to see all that it says)"
                .formatted(
                    command,
                    action,
                    process.exitValue(),
                    said.isEmpty() ? " and said nothing" : ": " + said));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(String action, TxtRecord record) throws DnsException {
    ProcessBuilder builder =
        new ProcessBuilder(command.toString(), action, record.name(), record.value())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", PATH);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new DnsException(
          "acme.dns.command: %s %s (expected: a program that may be run here)"
              .formatted(command, reason(e)),
          e);
    }
  }

  private String reason(IOException cause) {
    if (!Files.exists(command)) {
      return "does not exist";
    }
    if (!Files.isExecutable(command)) {
      return "may not be executed";
    }
    return "cannot be started, " + Said.line(cause);
  }

  /** Reads all, so that nobody waits for us, and keeps little. */
  private static String lastLine(InputStream output) {
    byte[] kept = new byte[KEPT_BYTES];
    int length = 0;
    try (output) {
      byte[] piece = new byte[KEPT_BYTES];
      for (int read = output.read(piece); read >= 0; read = output.read(piece)) {
        int keep = Math.min(length, KEPT_BYTES - read);
        System.arraycopy(kept, length - keep, kept, 0, keep);
        System.arraycopy(piece, 0, kept, keep, read);
        length = keep + read;
      }
    } catch (IOException e) {
      // it was killed; what was read counts
    }
    Optional<String> last =
        new String(kept, 0, length, UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .reduce((_, later) -> later);
    return last.map(Said::line).orElse("");
  }
}
