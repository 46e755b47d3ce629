package dev.fairlead.acme.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * An ACME server (RFC 8555, RFC 9773) on loopback whose clock is the test's: it validates at once,
 * issues for as long as it is told, keeps Let's Encrypt's limits, and is down when it is told. What
 * it does not do is check signatures: this is about time and counts, Pebble is there for the rest.
 */
public final class SimulatedCa implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CA_LIFE = Duration.ofDays(36_500);

  private final InstantSource clock;
  private final Function<String, Duration> life;
  private final Predicate<Instant> down;
  private final HttpServer server;
  private final KeyAndChain authority;
  private final Limits limits = new Limits();
  private final Map<Integer, SimulatedOrder> orders = new HashMap<>();
  private final Map<BigInteger, SimulatedOrder> issued = new HashMap<>();
  private final Set<BigInteger> replaced = new HashSet<>();
  private final Map<String, Integer> refused = new HashMap<>();
  private final Map<String, Integer> certificates = new HashMap<>();
  private final AtomicInteger nonces = new AtomicInteger();
  private int exemptOrders;
  private int asked;
  private int askedWhileDown;

  /**
   * @param life of a certificate of a host
   * @param down whether nothing is answered at a moment
   */
  public SimulatedCa(InstantSource clock, Function<String, Duration> life, Predicate<Instant> down)
      throws IOException {
    this.clock = clock;
    this.life = life;
    this.down = down;
    KeyPair key = Keys.newP256();
    X509Certificate root =
        new CertificateBuilder("Simulated CA", key.getPublic(), clock.instant(), CA_LIFE)
            .forAuthority()
            .selfSigned(key);
    this.authority = new KeyAndChain(key.getPrivate(), List.of(root));
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where ACME begins. */
  public URI directory() {
    return URI.create(base() + "/directory");
  }

  /** What was asked for beyond a limit, by limit; empty when nothing was. */
  public synchronized Map<String, Integer> refused() {
    return Map.copyOf(refused);
  }

  /** How many certificates each host got. */
  public synchronized Map<String, Integer> certificates() {
    return Map.copyOf(certificates);
  }

  /** How many orders there were. */
  public synchronized int orders() {
    return orders.size();
  }

  /** How many of them named a certificate that they replace. */
  public synchronized int exemptOrders() {
    return exemptOrders;
  }

  /** How many orders were left without a certificate. */
  public synchronized long unfinished() {
    return orders.values().stream()
        .filter(order -> order.status != SimulatedOrder.Status.VALID)
        .count();
  }

  /** How many requests there were, and how many of them met nobody. */
  public synchronized List<Integer> requests() {
    return List.of(asked, askedWhileDown);
  }

  private String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Answer answer = reply(exchange.getRequestURI().getPath(), body);
      exchange.getResponseHeaders().add("Replay-Nonce", "nonce-" + nonces.incrementAndGet());
      exchange.getResponseHeaders().add("Content-Type", answer.type());
      answer
          .location()
          .ifPresent(place -> exchange.getResponseHeaders().add("Location", base() + place));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head || bytes.length == 0 ? -1 : bytes.length);
      if (!head && bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private synchronized Answer reply(String path, byte[] body) throws IOException {
    asked++;
    if (down.test(clock.instant())) {
      askedWhileDown++;
      return new Answer(503, "text/html", "<h1>down</h1>", Optional.empty());
    }
    String[] parts = path.substring(1).split("/", -1);
    return switch (parts[0]) {
      case "directory" -> Answer.of(200, listing());
      case "nonce" -> new Answer(200, "text/plain", "", Optional.empty());
      case "account" ->
          Answer.of(201, JSON.createObjectNode().put("status", "valid")).at("/account/1");
      case "new-order" -> place(payload(body));
      case "order" -> Answer.of(200, order(order(parts))).at("/order/" + parts[1]);
      case "authorization" -> Answer.of(200, authorization(order(parts)));
      case "challenge" -> validate(order(parts));
      case "finalize" -> finish(order(parts), payload(body));
      case "certificate" ->
          new Answer(
              200,
              "application/pem-certificate-chain",
              Pem.of(Optional.ofNullable(order(parts).chain).orElseThrow()),
              Optional.empty());
      case "renewal-info" -> renewal(parts[1]);
      default -> problem(404, "malformed", path);
    };
  }

  private ObjectNode listing() {
    ObjectNode listing = JSON.createObjectNode();
    listing.put("newNonce", base() + "/nonce");
    listing.put("newAccount", base() + "/account");
    listing.put("newOrder", base() + "/new-order");
    listing.put("renewalInfo", base() + "/renewal-info");
    return listing;
  }

  private SimulatedOrder order(String[] parts) {
    return Optional.ofNullable(orders.get(Integer.valueOf(parts[1]))).orElseThrow();
  }

  private Answer place(JsonNode payload) {
    String host = payload.path("identifiers").path(0).path("value").asText();
    String replaces = payload.path("replaces").asText();
    boolean exempt = false;
    if (!replaces.isEmpty()) {
      BigInteger serial = serial(replaces);
      SimulatedOrder before = issued.get(serial);
      if (before == null || !before.host.equals(host)) {
        return problem(404, "malformed", "no such certificate of " + host);
      }
      if (!replaced.add(serial)) {
        return problem(409, "alreadyReplaced", "that certificate was replaced");
      }
      exempt = true;
      exemptOrders++;
    }
    if (!exempt && !within("orders", "account", 300, Duration.ofHours(3))) {
      return problem(429, "rateLimited", "too many orders");
    }
    SimulatedOrder order = new SimulatedOrder(orders.size() + 1, host, exempt);
    orders.put(order.number, order);
    return Answer.of(201, order(order)).at("/order/" + order.number);
  }

  private boolean within(String what, String whose, int most, Duration period) {
    boolean within = limits.spend(what, whose, most, period, clock.instant());
    if (!within) {
      refused.merge(what, 1, Integer::sum);
    }
    return within;
  }

  private ObjectNode order(SimulatedOrder order) {
    ObjectNode json = JSON.createObjectNode();
    json.put("status", order.status.name().toLowerCase(Locale.ROOT));
    json.putArray("identifiers").addObject().put("type", "dns").put("value", order.host);
    json.putArray("authorizations").add(base() + "/authorization/" + order.number);
    json.put("finalize", base() + "/finalize/" + order.number);
    if (order.chain != null) {
      json.put("certificate", base() + "/certificate/" + order.number);
    }
    return json;
  }

  private ObjectNode authorization(SimulatedOrder order) {
    ObjectNode json = JSON.createObjectNode();
    json.put("status", order.status == SimulatedOrder.Status.PENDING ? "pending" : "valid");
    json.putObject("identifier").put("type", "dns").put("value", order.host);
    json.putArray("challenges").add(challenge(order));
    return json;
  }

  private ObjectNode challenge(SimulatedOrder order) {
    return JSON.createObjectNode()
        .put("type", "http-01")
        .put("url", base() + "/challenge/" + order.number)
        .put("token", "token-" + order.number)
        .put("status", order.status == SimulatedOrder.Status.PENDING ? "pending" : "valid");
  }

  private Answer validate(SimulatedOrder order) {
    if (order.status == SimulatedOrder.Status.PENDING) {
      order.status = SimulatedOrder.Status.READY;
    }
    return Answer.of(200, challenge(order));
  }

  private Answer finish(SimulatedOrder order, JsonNode payload) throws IOException {
    if (order.status != SimulatedOrder.Status.READY) {
      return problem(403, "orderNotReady", "it is " + order.status);
    }
    String domain = order.host.substring(order.host.indexOf('.') + 1);
    if (!order.exempt
        && (!within("names", order.host, 5, Duration.ofDays(7))
            || (!certificates.containsKey(order.host)
                && !within("domain", domain, 50, Duration.ofDays(7))))) {
      order.status = SimulatedOrder.Status.INVALID;
      return problem(429, "rateLimited", "too many certificates");
    }
    PublicKey key = key(Base64.getUrlDecoder().decode(payload.path("csr").asText()));
    HostPattern host = HostPattern.parse(order.host).orElseThrow();
    X509Certificate leaf =
        new CertificateBuilder(order.host, key, clock.instant(), life.apply(order.host))
            .name(host)
            .forServers()
            .signedBy(authority);
    order.chain = List.of(leaf, authority.leaf());
    order.status = SimulatedOrder.Status.VALID;
    issued.put(leaf.getSerialNumber(), order);
    certificates.merge(order.host, 1, Integer::sum);
    return Answer.of(200, order(order)).at("/order/" + order.number);
  }

  private static PublicKey key(byte[] request) throws IOException {
    return new JcaPEMKeyConverter()
        .getPublicKey(new PKCS10CertificationRequest(request).getSubjectPublicKeyInfo());
  }

  /** A window around two thirds of the life, as Let's Encrypt suggests one. */
  private Answer renewal(String id) {
    Optional<X509Certificate> leaf =
        Optional.ofNullable(issued.get(serial(id)))
            .flatMap(order -> Optional.ofNullable(order.chain))
            .map(List::getFirst);
    if (leaf.isEmpty()) {
      return problem(404, "malformed", "no such certificate");
    }
    Instant from = leaf.get().getNotBefore().toInstant();
    Duration whole = Duration.between(from, leaf.get().getNotAfter().toInstant());
    Instant middle =
        from.plus(
            whole.compareTo(Duration.ofDays(10)) <= 0
                ? whole.dividedBy(2)
                : whole.multipliedBy(2).dividedBy(3));
    ObjectNode json = JSON.createObjectNode();
    json.putObject("suggestedWindow")
        .put("start", middle.minus(whole.dividedBy(100)).toString())
        .put("end", middle.plus(whole.dividedBy(100)).toString());
    return Answer.of(200, json);
  }

  private static BigInteger serial(String id) {
    return new BigInteger(Base64.getUrlDecoder().decode(id.substring(id.indexOf('.') + 1)));
  }

  private static JsonNode payload(byte[] body) throws IOException {
    return JSON.readTree(
        Base64.getUrlDecoder().decode(JSON.readTree(body).path("payload").asText()));
  }

  private static Answer problem(int status, String type, String detail) {
    return new Answer(
        status,
        "application/problem+json",
        JSON.createObjectNode()
            .put("type", "urn:ietf:params:acme:error:" + type)
            .put("detail", detail)
            .toString(),
        Optional.empty());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private record Answer(int status, String type, String body, Optional<String> location) {

    static Answer of(int status, ObjectNode body) {
      return new Answer(status, "application/json", body.toString(), Optional.empty());
    }

    Answer at(String place) {
      return new Answer(status, type, body, Optional.of(place));
    }
  }
}
