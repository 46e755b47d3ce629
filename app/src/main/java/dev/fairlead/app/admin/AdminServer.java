package dev.fairlead.app.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fairlead.config.bootstrap.ListenAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * {@code /healthz}: the process answers. {@code /readyz}: visitors can be sent here; {@code 503}
 * and the reasons otherwise. {@code /metrics}: numbers for Prometheus. On virtual threads, apart
 * from the data plane.
 */
public final class AdminServer implements AutoCloseable {

  private static final String TEXT = "text/plain; charset=utf-8";

  /** Of Prometheus' text format. */
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private AdminServer(HttpServer server, Supplier<Readiness> readiness, Supplier<String> metrics) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/healthz", exchange -> answer(exchange, "/healthz", 200, TEXT, "ok\n"));
    server.createContext(
        "/readyz",
        exchange -> {
          Readiness now = readiness.get();
          String text = String.join("\n", now.reasons());
          answer(
              exchange,
              "/readyz",
              now.ready() ? 200 : 503,
              TEXT,
              (now.ready() ? "ready" : "not ready") + (text.isEmpty() ? "" : "\n" + text) + "\n");
        });
    server.createContext(
        "/metrics", exchange -> answer(exchange, "/metrics", 200, METRICS, metrics.get()));
    server.createContext("/", exchange -> answer(exchange, "", 404, TEXT, "not found\n"));
  }

  /**
   * Binds and answers from now on.
   *
   * @param metrics a page in Prometheus' text format 0.0.4
   * @throws IOException with a sentence that names the address
   */
  public static AdminServer start(
      ListenAddress address, Supplier<Readiness> readiness, Supplier<String> metrics)
      throws IOException {
    InetSocketAddress socketAddress =
        address
            .host()
            .map(host -> new InetSocketAddress(host, address.port()))
            .orElseGet(() -> new InetSocketAddress(address.port()));
    HttpServer server;
    try {
      server = HttpServer.create(socketAddress, 0);
    } catch (IOException e) {
      throw new IOException(
          "listeners.admin: %s (expected: a free port that this user may bind; the system says: %s)"
              .formatted(address, e.getMessage()),
          e);
    }
    AdminServer admin = new AdminServer(server, readiness, metrics);
    server.start();
    return admin;
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private static void answer(
      HttpExchange exchange, String path, int status, String type, String text) throws IOException {
    try (exchange) {
      boolean here = path.isEmpty() || exchange.getRequestURI().getPath().equals(path);
      byte[] body = (here ? text : "not found\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", here ? type : TEXT);
      exchange.getResponseHeaders().add("Cache-Control", "no-store");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(here ? status : 404, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
