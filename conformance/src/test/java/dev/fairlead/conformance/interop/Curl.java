package dev.fairlead.conformance.interop;

import dev.fairlead.conformance.testing.Program;
import dev.fairlead.conformance.testing.Roots;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** curl, which takes {@code a.test} for this machine and trusts the fixture's authority. */
final class Curl {

  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** What is written after each transfer. */
  private static final String REPORT =
      "\\n%{http_code} %{http_version} %{num_connects} %{exitcode}\\n";

  private final Program program = Program.installed("curl", "curl");
  private final ProxyFixture proxy;
  private final Path folder;
  private final Path root;

  /**
   * What came of a call.
   *
   * @param status its exit code
   * @param transfers one for each URL, in the order of their ends
   * @param heads all lines of all heads, and trailers, in small letters
   */
  record Ended(int status, List<Transfer> transfers, List<String> heads, String output) {

    Transfer only() {
      if (transfers.size() != 1) {
        throw new IllegalStateException(toString());
      }
      return transfers.getFirst();
    }
  }

  /**
   * One transfer.
   *
   * @param status of the response; 0 when there was none
   * @param version of HTTP, as curl names it
   * @param connections that were made for it
   * @param exit what curl would end with if it were the only one
   */
  record Transfer(int status, String version, int connections, int exit) {}

  /** One that works in {@code folder}, where its files are. */
  Curl(ProxyFixture proxy, Path folder) throws IOException {
    this.proxy = proxy;
    this.folder = folder;
    this.root = Roots.write(folder);
  }

  Ended run(String... arguments) throws IOException, InterruptedException {
    Path heads = folder.resolve("heads");
    Files.deleteIfExists(heads);
    List<String> all =
        new ArrayList<>(
            List.of(
                "--silent",
                "--show-error",
                "--resolve",
                "a.test:" + proxy.httpPort() + ":127.0.0.1",
                "--resolve",
                "a.test:" + proxy.httpsPort() + ":127.0.0.1",
                "--cacert",
                root.toString(),
                "--dump-header",
                heads.toString(),
                "--write-out",
                REPORT));
    all.addAll(List.of(arguments));
    Program.Ended ended = program.run(folder, LIMIT, all.toArray(String[]::new));
    List<String> lines =
        Files.exists(heads)
            ? Files.readAllLines(heads).stream().map(line -> line.toLowerCase(Locale.ROOT)).toList()
            : List.of();
    return new Ended(ended.status(), transfers(ended.output()), lines, ended.output());
  }

  private static List<Transfer> transfers(String output) {
    return output
        .lines()
        .filter(line -> line.matches("\\d{3} [\\d.]+ \\d+ \\d+"))
        .map(line -> line.split(" ", -1))
        .map(
            words ->
                new Transfer(
                    Integer.parseInt(words[0]),
                    words[1],
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3])))
        .toList();
  }
}
