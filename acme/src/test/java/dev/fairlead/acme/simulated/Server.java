package dev.fairlead.acme.simulated;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** HTTP on loopback, with a nonce in each answer. */
final class Server implements AutoCloseable {

  private final Replies replies;
  private final HttpServer http;
  private final AtomicInteger nonces = new AtomicInteger();

  /** Says what is answered. */
  @FunctionalInterface
  interface Replies {

    /** Empty for a connection that ends without an answer. */
    Optional<Answer> to(String path, byte[] body) throws IOException;
  }

  /** Takes a port; nothing is answered yet. */
  Server(Replies replies) throws IOException {
    this.replies = replies;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  void start() {
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answer);
    http.start();
  }

  /** What all addresses begin with. */
  String base() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] asked = exchange.getRequestBody().readAllBytes();
      Optional<Answer> reply = replies.to(exchange.getRequestURI().getPath(), asked);
      if (reply.isPresent()) {
        send(exchange, reply.get());
      }
    }
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().add("Replay-Nonce", "nonce-" + nonces.incrementAndGet());
    exchange.getResponseHeaders().add("Content-Type", answer.type());
    answer.fields().forEach(exchange.getResponseHeaders()::add);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), none ? -1 : bytes.length);
    if (!none) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
