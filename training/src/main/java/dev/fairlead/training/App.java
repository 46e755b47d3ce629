package dev.fairlead.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What every task is: answers 200 and 1 KiB, and reads what it is sent. */
public final class App implements AutoCloseable {

  private static final byte[] PAGE = new byte[1024];

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private App(HttpServer server) {
    this.server = server;
  }

  /** Listens from now on, on every address of the loopback among others. */
  public static App start() throws IOException {
    App app = new App(HttpServer.create(new InetSocketAddress(0), 0));
    app.server.setExecutor(app.threads);
    app.server.createContext("/", App::answer);
    app.server.start();
    return app;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().add("Content-Type", "application/octet-stream");
      exchange.getResponseHeaders().add("Cache-Control", "max-age=60");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : PAGE.length);
      if (!head) {
        exchange.getResponseBody().write(PAGE);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
