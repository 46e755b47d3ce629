package dev.fairlead.acme.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.acme.simulated.Outages.Outage;
import dev.fairlead.acme.simulated.SimulatedOrder.Kind;
import dev.fairlead.acme.simulated.SimulatedOrder.Status;
import dev.fairlead.acme.store.RenewalAdvice.Window;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * An ACME server (RFC 8555, RFC 9773) on loopback whose clock is the test's: it validates at once,
 * issues for as long as it is told, keeps Let's Encrypt's limits, is down when it is told, and now
 * and then does something wrong by chance. What it does not do is check signatures and nonces: this
 * is about time and counts, Pebble is there for the rest.
 */
public final class SimulatedCa implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CA_LIFE = Duration.ofDays(36_500);

  /** By how much certificates are dated back. */
  private static final Duration BACK = Duration.ofHours(1);

  private final InstantSource clock;
  private final Conduct conduct;
  private final Outages outages;
  private final Server server;
  private final Resources resources;
  private final KeyAndChain authority;
  private final Limits limits = new Limits();
  private final List<SimulatedOrder> orders = new ArrayList<>();
  private final Map<String, SimulatedOrder> newest = new HashMap<>();
  private final Map<BigInteger, SimulatedOrder> issued = new HashMap<>();
  private final Map<BigInteger, SimulatedOrder> replacements = new HashMap<>();
  private final List<Instant> metNobody = new ArrayList<>();
  private Optional<Instant> replaceBefore = Optional.empty();
  private int requests;
  private int accidents;
  private int failedValidations;

  /** Starts one on a port of its own. */
  public SimulatedCa(InstantSource clock, Conduct conduct, Outages outages) throws IOException {
    this.clock = clock;
    this.conduct = conduct;
    this.outages = outages;
    KeyPair key = Keys.newP256();
    X509Certificate root =
        new CertificateBuilder("Simulated CA", key.getPublic(), clock.instant(), CA_LIFE)
            .forAuthority()
            .selfSigned(key);
    this.authority = new KeyAndChain(key.getPrivate(), List.of(root));
    this.server = new Server(this::reply);
    this.resources = new Resources(server.base());
    server.start();
  }

  /** Where ACME begins. */
  public URI directory() {
    return URI.create(resources.base() + "/directory");
  }

  /** When it is down. */
  public Outages outages() {
    return outages;
  }

  /** What was asked for beyond a limit, by limit; empty when nothing was. */
  public synchronized Map<String, Integer> refused() {
    return limits.refused();
  }

  /** All orders so far. */
  public synchronized List<SimulatedOrder> orders() {
    return List.copyOf(orders);
  }

  /** How many requests there were. */
  public synchronized int requests() {
    return requests;
  }

  /** When somebody asked while it was down. */
  public synchronized List<Instant> metNobody() {
    return List.copyOf(metNobody);
  }

  /** What went wrong by chance, in words. */
  public synchronized String mishaps() {
    return "%d accidents, %d failed validations".formatted(accidents, failedValidations);
  }

  /** From now on all certificates are to be replaced that were made before now: a revocation. */
  public synchronized void replaceAll() {
    replaceBefore = Optional.of(clock.instant());
  }

  /** Empty when there is no answer. */
  private synchronized Optional<Answer> reply(String path, byte[] body) throws IOException {
    requests++;
    Optional<Outage> outage = outages.at(clock.instant());
    if (outage.isPresent()) {
      metNobody.add(clock.instant());
      return down(outage.get());
    }
    int chance = conduct.accidents() == 0 ? -1 : conduct.random().nextInt(2 * conduct.accidents());
    if (chance == 0) {
      accidents++;
      return Optional.of(Answer.error(500));
    }
    Answer answer = reply(path.substring(1).split("/", -1), body);
    if (chance == 1) {
      accidents++;
      return Optional.empty(); // what was asked for is done
    }
    return Optional.of(answer);
  }

  private Optional<Answer> down(Outage outage) {
    return switch (outage.manner()) {
      case SILENT -> Optional.empty();
      case ERROR -> Optional.of(Answer.error(503));
      case BUSY -> {
        long rest = Duration.between(clock.instant(), outage.until()).toSeconds();
        yield Optional.of(
            Answer.error(503).with("Retry-After", String.valueOf(Math.clamp(rest, 1, 3_600))));
      }
    };
  }

  private Answer reply(String[] parts, byte[] body) throws IOException {
    return switch (parts[0]) {
      case "directory" -> Answer.of(200, resources.directory());
      case "nonce" -> new Answer(200, "text/plain", "", Map.of());
      case "account" ->
          Answer.of(parts.length == 1 ? 201 : 200, resources.account())
              .with("Location", resources.base() + "/account/1");
      case "new-order" -> place(payload(body));
      case "order" -> shown(200, order(parts));
      case "authorization" ->
          Answer.of(200, resources.authorization(order(parts), clock.instant()));
      case "challenge" -> validate(order(parts));
      case "finalize" -> finish(order(parts), payload(body));
      case "certificate" ->
          new Answer(
              200,
              "application/pem-certificate-chain",
              Pem.of(Optional.ofNullable(order(parts).chain).orElseThrow()),
              Map.of());
      case "renewal-info" -> renewal(parts[1]);
      default -> Answer.problem(404, "malformed", String.join("/", parts));
    };
  }

  private SimulatedOrder order(String[] parts) {
    return orders.get(Integer.parseInt(parts[1]) - 1);
  }

  /** Who orders the same names again gets the order that is under way, as at Let's Encrypt. */
  private Answer place(JsonNode payload) {
    Instant now = clock.instant();
    String host = payload.path("identifiers").path(0).path("value").asText();
    Optional<BigInteger> serial =
        Optional.of(payload.path("replaces").asText())
            .filter(id -> !id.isEmpty())
            .map(SimulatedCa::serial);
    Optional<SimulatedOrder> replaced = serial.flatMap(this::issued);
    if (serial.isPresent() && replaced.filter(before -> before.host.equals(host)).isEmpty()) {
      return Answer.problem(404, "malformed", "no such certificate of " + host);
    }
    if (serial.flatMap(this::replacement).filter(other -> isAlive(other, now)).isPresent()) {
      return Answer.problem(409, "alreadyReplaced", "that certificate was replaced");
    }
    Optional<SimulatedOrder> open =
        Optional.ofNullable(newest.get(host))
            .filter(other -> !other.isDone() && isAlive(other, now));
    if (open.isPresent()) {
      return shown(201, open.get());
    }
    Kind kind =
        replaced.isPresent()
            ? Kind.REPLACEMENT
            : limits.isRenewal(host, now) ? Kind.RENEWAL : Kind.FIRST;
    Optional<String> refused = limits.order(host, kind, now);
    if (refused.isPresent()) {
      return Answer.problem(429, "rateLimited", "too many " + refused.get());
    }
    SimulatedOrder order = new SimulatedOrder(orders.size() + 1, host, kind, now, replaced);
    orders.add(order);
    newest.put(host, order);
    serial.ifPresent(number -> replacements.put(number, order));
    return shown(201, order);
  }

  private Answer shown(int status, SimulatedOrder order) {
    return Answer.of(status, resources.order(order, clock.instant()))
        .with("Location", resources.location(order));
  }

  private static boolean isAlive(SimulatedOrder order, Instant now) {
    return order.status(now) != Status.INVALID;
  }

  private Answer validate(SimulatedOrder order) {
    if (order.status(clock.instant()) == Status.PENDING) {
      boolean lost = conduct.failures() > 0 && conduct.random().nextInt(conduct.failures()) == 0;
      boolean right =
          conduct
              .customers()
              .answer(order.token())
              .filter(answer -> answer.startsWith(order.token() + "."))
              .isPresent();
      if (right && !lost) {
        order.status(Status.READY);
      } else {
        failedValidations++;
        limits.failed(order.host, clock.instant());
        order.status(Status.INVALID);
      }
    }
    return Answer.of(200, resources.challenge(order, clock.instant()));
  }

  private Answer finish(SimulatedOrder order, JsonNode payload) throws IOException {
    Instant now = clock.instant();
    if (order.status(now) != Status.READY) {
      return Answer.problem(403, "orderNotReady", "it is " + order.status(now));
    }
    Optional<String> refused = limits.certificate(order.host, order.kind, now);
    if (refused.isPresent()) {
      order.status(Status.INVALID);
      return Answer.problem(429, "rateLimited", "too many " + refused.get());
    }
    PublicKey key = key(Base64.getUrlDecoder().decode(payload.path("csr").asText()));
    X509Certificate leaf =
        new CertificateBuilder(
                order.host, key, now, conduct.customers().life(order.host, now).minus(BACK))
            .name(HostPattern.parse(order.host).orElseThrow())
            .forServers()
            .signedBy(authority);
    order.chain = List.of(leaf, authority.leaf());
    order.status(Status.VALID);
    issued.put(leaf.getSerialNumber(), order);
    return shown(200, order);
  }

  private static PublicKey key(byte[] request) throws IOException {
    return new JcaPEMKeyConverter()
        .getPublicKey(new PKCS10CertificationRequest(request).getSubjectPublicKeyInfo());
  }

  private Answer renewal(String id) {
    Optional<SimulatedOrder> order = issued(serial(id));
    if (order.isEmpty()) {
      return Answer.problem(404, "malformed", "no such certificate");
    }
    Window window =
        replaceBefore.flatMap(time -> urgent(order.get(), time)).orElse(order.get().window());
    ObjectNode json = JSON.createObjectNode();
    json.putObject("suggestedWindow")
        .put("start", window.start().toString())
        .put("end", window.end().toString());
    Duration pause = conduct.customers().askAgain(order.get().host);
    return Answer.of(200, json).with("Retry-After", String.valueOf(pause.toSeconds()));
  }

  /** Where something is wrong with a certificate, it should have been replaced yesterday. */
  private static Optional<Window> urgent(SimulatedOrder order, Instant found) {
    return order.time().isBefore(found)
        ? Optional.of(new Window(found.minus(Duration.ofDays(2)), found.minus(Duration.ofDays(1))))
        : Optional.empty();
  }

  private Optional<SimulatedOrder> issued(BigInteger serial) {
    return Optional.ofNullable(issued.get(serial));
  }

  private Optional<SimulatedOrder> replacement(BigInteger serial) {
    return Optional.ofNullable(replacements.get(serial));
  }

  private static BigInteger serial(String id) {
    return new BigInteger(Base64.getUrlDecoder().decode(id.substring(id.indexOf('.') + 1)));
  }

  private static JsonNode payload(byte[] body) throws IOException {
    return JSON.readTree(
        Base64.getUrlDecoder().decode(JSON.readTree(body).path("payload").asText()));
  }

  @Override
  public void close() {
    server.close();
  }
}
