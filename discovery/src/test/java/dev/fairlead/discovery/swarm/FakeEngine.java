package dev.fairlead.discovery.swarm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine on TCP that answers as a test tells it to, and by default as a Swarm with nothing. */
final class FakeEngine implements AutoCloseable {

  /** How a request is answered. */
  @FunctionalInterface
  interface Behaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** Ends when the engine is closed. */
  private final CountDownLatch closed = new CountDownLatch(1);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<HttpExchange> streams = new CopyOnWriteArrayList<>();

  private FakeEngine(HttpServer server) {
    this.server = server;
  }

  static FakeEngine start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FakeEngine engine = new FakeEngine(server);
    engine.on("/_ping", engine.ping("1.52"));
    engine.on("/tasks", text(200, "[]"));
    engine.on("/services", text(200, "[]"));
    engine.on("/networks", text(200, "[]"));
    engine.on("/events", engine.events());
    server.createContext("/", engine::handle);
    server.setExecutor(engine.threads);
    server.start();
    return engine;
  }

  URI endpoint() {
    return URI.create("tcp://127.0.0.1:" + port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Sets how a path, named without the version, is answered from now on. */
  void on(String path, Behaviour behaviour) {
    behaviours.put(path, behaviour);
  }

  /** The paths asked for, with their versions, without their queries. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  long count(String path) {
    return requests.stream().filter(request -> request.endsWith(path)).count();
  }

  Behaviour ping(String version) {
    return exchange -> {
      exchange.getResponseHeaders().set("Api-Version", version);
      text(200, "OK").answer(exchange);
    };
  }

  static Behaviour text(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    };
  }

  /** Reads the request and never answers. */
  Behaviour hang() {
    return exchange -> awaitClose();
  }

  /** Sends the head and a part of the body, and then nothing more. */
  Behaviour hangAfter(String part) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      awaitClose();
    };
  }

  /** Announces more than it sends, and closes the connection. */
  static Behaviour breakOffAfter(String part) {
    return exchange -> {
      exchange.sendResponseHeaders(200, part.length() + 1000L);
      exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
      exchange.close();
    };
  }

  /** A stream that stays open until {@link #endStreams}. */
  Behaviour events() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
      streams.add(exchange);
      awaitClose();
    };
  }

  int openStreams() {
    return streams.size();
  }

  /** Sends an event to all who listen. */
  void event() throws IOException {
    for (HttpExchange stream : streams) {
      stream.getResponseBody().write("{\"Type\":\"service\"}\n".getBytes(StandardCharsets.UTF_8));
      stream.getResponseBody().flush();
    }
  }

  void endStreams() {
    streams.forEach(HttpExchange::close);
    streams.clear();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    Behaviour behaviour = behaviours.get(path.replaceFirst("^/v[0-9.]+", ""));
    (behaviour == null ? text(404, "{\"message\":\"page not found\"}") : behaviour)
        .answer(exchange);
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
