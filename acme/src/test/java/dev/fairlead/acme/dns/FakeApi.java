package dev.fairlead.acme.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A real HTTP server that keeps what it was asked and answers as told. */
final class FakeApi implements AutoCloseable {

  /** What came. */
  record Request(String method, String target, String authorization, String user, String body) {}

  /** What goes back. */
  record Reply(int status, String body) {}

  /** Answers requests. */
  @FunctionalInterface
  interface Behaviour {
    Reply answer(Request request) throws IOException;
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Behaviour behaviour;

  FakeApi(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:%d/api/".formatted(server.getAddress().getPort()));
  }

  void behave(Behaviour next) {
    behaviour = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              header(exchange, "Authorization"),
              header(exchange, "X-Api-User") + "/" + header(exchange, "X-Api-Key"),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      requests.add(request);
      Reply reply = behaviour.answer(request);
      byte[] bytes = reply.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
