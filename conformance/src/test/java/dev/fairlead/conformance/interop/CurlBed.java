package dev.fairlead.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.interop.Curl.Transfer;
import dev.fairlead.conformance.testing.NginxOrigin;
import dev.fairlead.conformance.testing.Program;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** curl, the proxy at {@code a.test}, and an nginx that serves and takes files. */
final class CurlBed implements AutoCloseable {

  /** How long {@link #large} is, in bytes. */
  static final int LARGE = 10_000_000;

  private static final String LOCATIONS =
      """
      gzip on;
      gzip_types text/plain;
      location /uploads/ { dav_methods PUT; }
      location /small-uploads/ { dav_methods PUT; client_max_body_size 1k; }
      """;

  private final NginxOrigin nginx;
  private final ProxyFixture proxy;
  private final Curl curl;
  private final Path large;
  private int transfers;

  /** Leaves a test out where one of the programs is missing. */
  static void look() {
    Program.installed("curl", "curl");
    Program.installed("nginx", "nginx-light");
  }

  /**
   * Starts all of it.
   *
   * @param folder where curl works; what is served is in its folder {@code files}
   */
  CurlBed(Path folder) throws IOException {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.createDirectories(files.resolve("uploads"));
    byte[] bytes = new byte[LARGE];
    new Random(1).nextBytes(bytes);
    large = Files.write(files.resolve("large"), bytes);
    nginx = NginxOrigin.start(folder, LOCATIONS);
    proxy = ProxyFixture.routing(spec -> spec.route("a.test", nginx.endpoint()));
    curl = new Curl(proxy, folder);
  }

  NginxOrigin nginx() {
    return nginx;
  }

  ProxyFixture proxy() {
    return proxy;
  }

  Curl curl() {
    return curl;
  }

  /** A file of chance, which nginx serves as {@code /large}. */
  Path large() {
    return large;
  }

  /** Asks for a path by TLS. */
  Curl.Ended get(HttpVersion version, String path, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.add(proxy.https("a.test", path).toString());
    return run(version, all.toArray(String[]::new));
  }

  Curl.Ended run(HttpVersion version, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(version.option()));
    all.addAll(List.of(options));
    Curl.Ended ended = curl.run(all.toArray(String[]::new));
    transfers += ended.transfers().size();
    return ended;
  }

  /** How many there were. */
  int transfers() {
    return transfers;
  }

  /** A transfer over a connection of its own that went well. */
  static Transfer answered(int status, HttpVersion version) {
    return new Transfer(status, version.spoken(), 1, 0);
  }

  static void assertSame(Path copy, Path original) throws IOException {
    assertThat(Files.mismatch(copy, original)).as("first byte that differs").isEqualTo(-1);
  }

  @Override
  public void close() {
    proxy.close();
    nginx.close();
  }
}
