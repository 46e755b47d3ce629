package dev.fairlead.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A small app on the loopback that says who it is and what it was asked. */
final class Backend implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Backend(String name) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, name));
    server.start();
  }

  /** As an endpoint of the YAML file. */
  String endpoint() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, String name) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      StringBuilder text = new StringBuilder("backend ").append(name).append('\n');
      text.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
      exchange
          .getRequestHeaders()
          .forEach((field, values) -> values.forEach(v -> line(text, field, v)));
      byte[] body = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static void line(StringBuilder text, String field, String value) {
    text.append('\n').append(field).append(": ").append(value);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
