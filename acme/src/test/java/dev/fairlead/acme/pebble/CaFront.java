package dev.fairlead.acme.pebble;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * What this Pebble has not: renewal information (RFC 9773), profiles, and names in CAA records. An
 * HTTPS server in front of it that passes everything on, keeps the field Host, by which Pebble
 * makes its addresses and checks those that are signed, and looks into orders. It can be told to be
 * out of order.
 */
public final class CaFront implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String RENEWAL_INFO = "/renewal-info/";
  private static final String ERROR = "urn:ietf:params:acme:error:";

  /** What it suggests for every certificate. */
  public record Suggestion(
      Instant start, Instant end, Optional<String> explanation, Optional<Duration> retryAfter) {}

  private final Forwarder forwarder;
  private final HttpsServer server;
  private final List<JsonNode> orders = new CopyOnWriteArrayList<>();
  private final List<String> posts = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<String> replaced = ConcurrentHashMap.newKeySet();
  private volatile Set<String> profiles = Set.of();
  private volatile Set<String> issuers = Set.of();
  private volatile Optional<Suggestion> suggestion = Optional.empty();
  private final Map<String, AtomicInteger> refusals = new ConcurrentHashMap<>();
  private volatile boolean down;
  private volatile boolean garbled;

  /** Listens in front of a Pebble, with its certificate. */
  public CaFront(Pebble pebble) throws IOException, GeneralSecurityException {
    SSLContext context = Forwarder.context(pebble);
    this.forwarder = new Forwarder(context, pebble.port());
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** The directory as it is seen through it. */
  public URI acmeDirectory() {
    return URI.create("https://127.0.0.1:%d/dir".formatted(server.getAddress().getPort()));
  }

  /** Offers these profiles from now on. */
  public void offer(String... names) {
    profiles = Set.of(names);
  }

  /** Says from now on that these are its names in CAA records; nobody looks whether they are. */
  public void named(String... names) {
    issuers = Set.of(names);
  }

  /** Suggests a window from now on, for every certificate. */
  public void suggest(Suggestion next) {
    suggestion = Optional.of(next);
  }

  /** Whether it answers everything with an error. */
  public void down(boolean now) {
    down = now;
  }

  /**
   * Answers some requests with an error of the server instead of passing them on.
   *
   * @param path a regular expression, for the whole of it
   * @param times from now on so many of them
   */
  public void refuse(String path, int times) {
    refusals.put(path, new AtomicInteger(times));
  }

  /** Whether what it says about renewals cannot be understood. */
  public void garble(boolean now) {
    garbled = now;
  }

  /** Takes a certificate for one that was replaced already. */
  public void replaced(String certificate) {
    replaced.add(certificate);
  }

  /** What was ordered through it: the payloads. */
  public List<JsonNode> orders() {
    return List.copyOf(orders);
  }

  /** The certificates that it was asked about. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      if (exchange.getRequestMethod().equals("POST")) {
        posts.add(path);
      }
      if (down) {
        send(exchange, 503, "application/problem+json", problem("serverInternal", "out of order"));
      } else if (isRefused(path)) {
        refuse(exchange, 500, "serverInternal", "refused by the test");
      } else if (path.startsWith(RENEWAL_INFO)) {
        renewalInfo(exchange, path.substring(RENEWAL_INFO.length()));
      } else if (path.equals("/order-plz") && exchange.getRequestMethod().equals("POST")) {
        order(exchange, body);
      } else if (path.equals("/dir")) {
        directory(exchange, body);
      } else {
        pass(exchange, forwarder.forward(exchange, body));
      }
    }
  }

  /** How often it was sent something there: a regular expression, for the whole of the path. */
  public long posts(String path) {
    return posts.stream().filter(each -> each.matches(path)).count();
  }

  private boolean isRefused(String path) {
    return refusals.entrySet().stream()
        .anyMatch(each -> path.matches(each.getKey()) && each.getValue().getAndDecrement() > 0);
  }

  private void renewalInfo(HttpExchange exchange, String certificate) throws IOException {
    asked.add(certificate);
    Suggestion now = suggestion.orElseThrow();
    ObjectNode answer = MAPPER.createObjectNode();
    answer
        .putObject("suggestedWindow")
        .put("start", garbled ? "soon" : now.start().toString())
        .put("end", now.end().toString());
    now.explanation().ifPresent(page -> answer.put("explanationURL", page));
    now.retryAfter()
        .ifPresent(
            pause ->
                exchange
                    .getResponseHeaders()
                    .set("Retry-After", String.valueOf(pause.toSeconds())));
    send(exchange, 200, "application/json", answer.toString());
  }

  /** Checks what it adds to orders, and passes them on with it: nothing that is signed changes. */
  private void order(HttpExchange exchange, byte[] body) throws IOException {
    JsonNode order =
        MAPPER.readTree(
            Base64.getUrlDecoder().decode(MAPPER.readTree(body).path("payload").asText()));
    orders.add(order);
    if (order.has("profile") && !profiles.contains(order.path("profile").asText())) {
      refuse(exchange, 400, "invalidProfile", "no such profile");
    } else if (order.has("replaces") && !replaced.add(order.path("replaces").asText())) {
      refuse(exchange, 409, "alreadyReplaced", "it was replaced before");
    } else {
      pass(exchange, forwarder.forward(exchange, body));
    }
  }

  /** The next request needs a nonce of Pebble's. */
  private void refuse(HttpExchange exchange, int status, String type, String detail)
      throws IOException {
    Forwarder.Answer nonce = forwarder.forward("HEAD", "/nonce-plz", exchange, new byte[0]);
    nonce.fields().stream()
        .filter(field -> field.name().equalsIgnoreCase("Replay-Nonce"))
        .forEach(field -> exchange.getResponseHeaders().set(field.name(), field.value()));
    send(exchange, status, "application/problem+json", problem(type, detail));
  }

  private void directory(HttpExchange exchange, byte[] body) throws IOException {
    Forwarder.Answer answer = forwarder.forward(exchange, body);
    ObjectNode directory = (ObjectNode) MAPPER.readTree(answer.body());
    if (suggestion.isPresent()) {
      directory.put("renewalInfo", acmeDirectory().resolve("/renewal-info").toString());
    }
    if (!profiles.isEmpty()) {
      ObjectNode offered = ((ObjectNode) directory.get("meta")).putObject("profiles");
      profiles.forEach(name -> offered.put(name, "https://ca.example/" + name));
    }
    if (!issuers.isEmpty()) {
      issuers.forEach(((ObjectNode) directory.get("meta")).putArray("caaIdentities")::add);
    }
    send(exchange, 200, "application/json", directory.toString());
  }

  private static void pass(HttpExchange exchange, Forwarder.Answer answer) throws IOException {
    answer
        .fields()
        .forEach(field -> exchange.getResponseHeaders().add(field.name(), field.value()));
    send(exchange, answer.status(), answer.body().getBytes(ISO_8859_1));
  }

  private static String problem(String type, String detail) {
    return MAPPER.createObjectNode().put("type", ERROR + type).put("detail", detail).toString();
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    send(exchange, status, body.getBytes(UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
