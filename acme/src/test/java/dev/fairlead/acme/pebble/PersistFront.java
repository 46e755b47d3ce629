package dev.fairlead.acme.pebble;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.fairlead.acme.bind.Bind;
import dev.fairlead.acme.challenge.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * What this Pebble has not: dns-persist-01. An HTTPS server in front of it that gives another
 * challenge for that one, looks at the record itself when it is told to, and has Pebble find what
 * it wants for the other one where the record is right. Whatever it passes on stays as it was
 * signed.
 */
public final class PersistFront implements AutoCloseable {

  /** What the CA calls itself. */
  public static final String ISSUER = "ca.fairlead-tests.com";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** A challenge of Pebble's that is shown as another one. */
  private record Hidden(String type, String token, String host, boolean wildcard) {}

  private final Forwarder forwarder;
  private final HttpsServer server;
  private final Bind dns;
  private final Map<String, Hidden> hidden = new ConcurrentHashMap<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, String> thumbprints = new ConcurrentHashMap<>();
  private final List<String> verdicts = new CopyOnWriteArrayList<>();
  private volatile Optional<String> hashPrefix = Optional.empty();
  private volatile String issuer = ISSUER;

  /** Listens in front of a Pebble, with its certificate. */
  public PersistFront(Pebble pebble, ChallengeResponder responder, Bind dns)
      throws IOException, GeneralSecurityException {
    SSLContext context = Forwarder.context(pebble);
    this.forwarder = new Forwarder(context, pebble.port());
    this.dns = dns;
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    responder.answerFrom(
        token -> CompletableFuture.completedFuture(known(token)),
        host -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private Answer<String> known(String token) {
    String answer = answers.get(token);
    return answer == null ? new Answer.None<>() : new Answer.Found<>(answer);
  }

  /** The directory as it is seen through it. */
  public URI acmeDirectory() {
    return URI.create("https://127.0.0.1:%d/dir".formatted(server.getAddress().getPort()));
  }

  /** Is a CA of version 02 of the draft from now on, which knows accounts by hashes. */
  public void hash() {
    hashPrefix = Optional.of(acmeDirectory().resolve("/account-hash/").toString());
  }

  /** Calls itself something else in challenges from now on, and not in its directory. */
  public void rename(String name) {
    issuer = name;
  }

  /** What it found each time it was told to look. */
  public List<String> verdicts() {
    return List.copyOf(verdicts);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      Hidden challenge = hidden.get(path);
      if (challenge != null && payload(body).equals("{}")) {
        look(challenge, header(body).path("kid").asText());
      }
      Forwarder.Answer answer = forwarder.forward(exchange, body);
      if (path.equals("/sign-me-up")) {
        remember(answer, header(body).path("jwk"));
      }
      answer
          .fields()
          .forEach(field -> exchange.getResponseHeaders().add(field.name(), field.value()));
      byte[] changed = changed(path, answer.body());
      boolean empty = changed.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), empty ? -1 : changed.length);
      if (!empty) {
        exchange.getResponseBody().write(changed);
      }
    }
  }

  private byte[] changed(String path, String body) throws IOException {
    if (path.equals("/dir")) {
      ObjectNode directory = (ObjectNode) MAPPER.readTree(body);
      ObjectNode meta = (ObjectNode) directory.get("meta");
      meta.putArray("caaIdentities").add(ISSUER);
      hashPrefix.ifPresent(
          prefix -> {
            meta.put("accountHashPrefix", prefix);
            meta.putArray("issuerDomainNames").add(ISSUER);
          });
      return directory.toString().getBytes(UTF_8);
    }
    if (path.startsWith("/authZ/")) {
      ObjectNode authorization = (ObjectNode) MAPPER.readTree(body);
      if (authorization.get("challenges") instanceof ArrayNode challenges) {
        String host = authorization.path("identifier").path("value").asText();
        hide(challenges, host, authorization.path("wildcard").asBoolean());
      }
      return authorization.toString().getBytes(UTF_8);
    }
    if (hidden.containsKey(path)) {
      return shown((ObjectNode) MAPPER.readTree(body)).toString().getBytes(UTF_8);
    }
    return body.getBytes(ISO_8859_1);
  }

  private void hide(ArrayNode challenges, String host, boolean wildcard) {
    String type = wildcard ? "dns-01" : "http-01";
    for (JsonNode challenge : challenges) {
      if (challenge.path("type").asText().equals(type)) {
        String path = URI.create(challenge.path("url").asText()).getPath();
        hidden.put(path, new Hidden(type, challenge.path("token").asText(), host, wildcard));
        shown((ObjectNode) challenge);
      }
    }
  }

  private ObjectNode shown(ObjectNode challenge) {
    if (challenge.has("token")) {
      challenge.remove("token");
      challenge
          .put("type", "dns-persist-01")
          .putArray(hashPrefix.isPresent() ? "issuerDomainNames" : "issuer-domain-names")
          .add(issuer);
    }
    return challenge;
  }

  private void look(Hidden challenge, String account) throws IOException {
    List<String> records = dns.txt("_validation-persist." + challenge.host());
    boolean right = records.stream().anyMatch(text -> isRight(text, challenge, account));
    verdicts.add((right ? "right: " : "wrong: ") + records);
    if (!right) {
      return;
    }
    String key = challenge.token() + "." + thumbprints.getOrDefault(account, "");
    if (challenge.wildcard()) {
      dns.put("_acme-challenge." + challenge.host(), sha256(key.getBytes(US_ASCII)));
    } else {
      answers.put(challenge.token(), key);
    }
  }

  private boolean isRight(String text, Hidden challenge, String account) {
    List<String> parts = Arrays.stream(text.split(";", -1)).map(String::strip).toList();
    return parts.getFirst().equals(issuer)
        && parts.contains("accounturi=" + name(challenge.host(), account))
        && (!challenge.wildcard() || parts.contains("policy=wildcard"))
        && parts.stream()
            .filter(part -> part.startsWith("persistUntil="))
            .map(part -> Long.parseLong(part.substring("persistUntil=".length())))
            .allMatch(end -> Instant.now().getEpochSecond() <= end);
  }

  private String name(String host, String account) {
    byte[] rest = (host + thumbprints.getOrDefault(account, "") + account).getBytes(US_ASCII);
    byte[] input = new byte[rest.length + 1];
    input[0] = (byte) host.length();
    System.arraycopy(rest, 0, input, 1, rest.length);
    return hashPrefix.map(prefix -> prefix + "sha-256/" + sha256(input)).orElse(account);
  }

  private void remember(Forwarder.Answer answer, JsonNode key) {
    ObjectNode canonical = MAPPER.createObjectNode(); // RFC 7638 §3
    for (String field : List.of("crv", "kty", "x", "y")) {
      canonical.put(field, key.path(field).asText());
    }
    answer.fields().stream()
        .filter(field -> field.name().equalsIgnoreCase("Location"))
        .forEach(
            field -> thumbprints.put(field.value(), sha256(canonical.toString().getBytes(UTF_8))));
  }

  private static JsonNode header(byte[] body) throws IOException {
    return MAPPER.readTree(
        Base64.getUrlDecoder().decode(MAPPER.readTree(body).path("protected").asText()));
  }

  private static String payload(byte[] body) throws IOException {
    return new String(
        Base64.getUrlDecoder().decode(MAPPER.readTree(body).path("payload").asText()), UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return ENCODER.encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SHA-256", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
