package dev.fairlead.conformance.smuggling;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.conformance.testing.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real HTTP server behind the proxy: a process at a port of 127.0.0.1, which writes one line for
 * each request that it saw.
 *
 * @param version name and number
 */
record Origin(OriginKind kind, String version, int port, Path log, Process process)
    implements AutoCloseable {

  private static final int END_SECONDS = 10;

  EndpointSpec endpoint() {
    return new EndpointSpec("127.0.0.1", port);
  }

  /** What it saw so far, in the order in which it began. */
  List<SeenRequest> seen() throws IOException {
    if (!Files.exists(log)) {
      return List.of();
    }
    String text = Files.readString(log, StandardCharsets.ISO_8859_1);
    // The last line may be half written.
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(SeenRequest::parse)
        .sorted(Comparator.comparingLong(SeenRequest::beganMicros))
        .toList();
  }

  /** Asks it to end, and waits until it has: then its log is complete. */
  void stop() throws InterruptedException {
    process.destroy();
    process.waitFor(END_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    Program.end(process);
  }
}
