package dev.fairlead.acme.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.acme.bind.Bind;
import dev.fairlead.acme.bind.BindExtension;
import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.dns.NameRecords;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.ServerAddress;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

class PreflightTest {

  @RegisterExtension static final BindExtension DNS = new BindExtension();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String OURS = "127.0.0.2";
  private static final String STRANGERS = "127.0.0.3";
  private static final String NOBODYS = "127.0.0.4";

  @TempDir Path directory;
  private final String name = "shop%d.%s".formatted(NUMBER.incrementAndGet(), Bind.ZONE);
  private Storage storage;
  private ChallengeBoard board;
  private HttpServer cluster;
  private HttpServer stranger;

  @BeforeEach
  void open() throws IOException {
    storage = new Storage(new StorageSettings(directory, LIMIT), StorageAccess.DIRECT);
    board = new ChallengeBoard(new ChallengeStorage(storage));
    // Another instance on the same storage: what it answers comes from there.
    ChallengeBoard other = new ChallengeBoard(new ChallengeStorage(storage));
    cluster = HttpServer.create(new InetSocketAddress(OURS, 0), 0);
    // The same port; nobody else's test uses this address.
    stranger =
        HttpServer.create(new InetSocketAddress(STRANGERS, cluster.getAddress().getPort()), 0);
    cluster.createContext(
        "/.well-known/acme-challenge/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          Optional<String> answer =
              other
                  .keyAuthorization(path.substring(path.lastIndexOf('/') + 1))
                  .toCompletableFuture()
                  .join();
          byte[] body = answer.orElse("").getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(answer.isPresent() ? 200 : 404, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    cluster.start();
    stranger.start(); // a router's own pages, say
  }

  @AfterEach
  void close() {
    cluster.stop(0);
    stranger.stop(0);
    storage.close();
  }

  @Test
  void anAddressThatLeadsHereIsFine() throws Exception {
    DNS.bind().replace(name, Type.A, OURS);
    assertThat(look(preflight()).verdict()).isEqualTo(new Verdict.Ready());
    try (Stream<Path> left = Files.list(directory.resolve("challenges").resolve("http-01"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aNameWithoutAnAddressIsNotOrdered() throws Exception {
    assertThat(look(preflight()).verdict())
        .isEqualTo(
            new Verdict.Wrong(
                name
                    + " has no address in DNS (expected: an A or AAAA record, or a CNAME, that"
                    + " leads to this cluster)"));
  }

  @Test
  void anAddressThatIsNotOurOwnersIsNotOrdered() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    Preflight told = preflight(Set.of(InetAddress.getByName(OURS)), true);
    assertThat(look(told).verdict())
        .isEqualTo(
            new Verdict.Wrong(
                "%s resolves to 127.0.0.3, this cluster answers at 127.0.0.2 (expected: the same address)"
                    .formatted(name)));

    DNS.bind().replace(name, Type.A, STRANGERS, OURS);
    assertThat(look(told).verdict()).isInstanceOf(Verdict.Doubtful.class);

    DNS.bind().replace(name, Type.A, OURS);
    assertThat(look(told).verdict()).isEqualTo(new Verdict.Ready());
  }

  @Test
  void whoeverAnswersElsewhereIsDoubtfulUntilWeKnowWhereWeAre() throws Exception {
    Preflight preflight = preflight();
    DNS.bind().replace(name, Type.A, STRANGERS);
    assertThat(why(look(preflight).verdict()))
        .contains(name + " resolves to 127.0.0.3, where somebody else answers (HTTP/1.1 404 ");

    DNS.bind().replace("other-" + name, Type.A, OURS);
    assertThat(preflight.look(question("other-" + name, Challenge.HTTP_01)).verdict())
        .isEqualTo(new Verdict.Ready());
    assertThat(look(preflight).verdict())
        .isEqualTo(
            new Verdict.Wrong(
                "%s resolves to 127.0.0.3, this cluster answers at 127.0.0.2 (expected: the same address)"
                    .formatted(name)));
  }

  @Test
  void oneOfSeveralAddressesThatLeadsElsewhereIsDoubtful() throws Exception {
    DNS.bind().replace(name, Type.A, OURS, NOBODYS);
    assertThat(look(preflight()).verdict())
        .isEqualTo(
            new Verdict.Doubtful(
                "%s resolves to 127.0.0.4, this cluster answers at 127.0.0.2 (expected: the same address)"
                    .formatted(name)));
  }

  @Test
  void aRouterThatDoesNotLeadBackIsNoFault() throws Exception {
    DNS.bind().replace(name, Type.A, NOBODYS);
    assertThat(why(look(preflight()).verdict()))
        .contains("nobody answers (Connection refused)", "which is no fault");
  }

  @Test
  void anAddressInsideANetworkIsDoubtfulForAPublicCa() throws Exception {
    DNS.bind().replace(name, Type.A, "192.168.1.5");
    assertThat(why(look(preflight(Set.of(), false)).verdict()))
        .startsWith(name + " resolves to 192.168.1.5, which no public CA reaches");
  }

  @Test
  void caaRecordsOfTheNameOrAboveItForbidIt() throws Exception {
    DNS.bind().replace(name, Type.A, OURS);
    DNS.bind().replace(name, Type.CAA, "0 issue \"other-ca.example\"");
    assertThat(why(look(preflight()).verdict()))
        .startsWith("the CAA records of %s allow \"other-ca.example\"".formatted(name));
    String below = "a.b." + name;
    DNS.bind().replace(below, Type.A, OURS);
    assertThat(preflight().look(question(below, Challenge.HTTP_01)).verdict())
        .isInstanceOf(Verdict.Wrong.class);
    assertThat(preflight().look(question(below, Challenge.DNS_01)).verdict())
        .isInstanceOf(Verdict.Wrong.class);

    DNS.bind().replace(name, Type.CAA, "0 issue \"ca.example\"");
    assertThat(look(preflight()).verdict()).isEqualTo(new Verdict.Ready());
  }

  @Test
  void dns01NeedsNoAddress() throws Exception {
    assertThat(preflight().look(question(name, Challenge.DNS_01)).verdict())
        .isEqualTo(new Verdict.Ready());
  }

  @Test
  void aDnsServerThatIsSilentForbidsNothing() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Preflight preflight = preflight(new ServerAddress("127.0.0.1", port), Set.of(), true);
    Report report = look(preflight);
    assertThat(why(report.verdict())).startsWith("no DNS server tells the A records of " + name);
    assertThat(preflight.seen(question(name, Challenge.HTTP_01))).isEmpty();
  }

  @Test
  void dnsIsNotAskedForAnAddress() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ServerAddress silent = new ServerAddress("127.0.0.1", port);
    Question ours = question(OURS, Challenge.HTTP_01);
    assertThat(preflight(silent, Set.of(), true).look(ours).verdict())
        .isEqualTo(new Verdict.Ready());
    assertThat(preflight(silent, Set.of(), true).seen(ours)).isPresent();
    assertThat(why(preflight(silent, Set.of(), false).look(ours).verdict()))
        .startsWith("127.0.0.2 is wanted, which no public CA reaches");

    Preflight told = preflight(silent, Set.of(InetAddress.getByName(OURS)), true);
    assertThat(told.look(ours).verdict()).isEqualTo(new Verdict.Ready());
    assertThat(told.look(question(STRANGERS, Challenge.HTTP_01)).verdict())
        .isEqualTo(
            new Verdict.Wrong(
                "127.0.0.3 is wanted, this cluster answers at 127.0.0.2 (expected: the same"
                    + " address)"));
  }

  @Test
  void anotherAnswerOfDnsIsSeen() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    Preflight preflight = preflight();
    String before = look(preflight).seen();
    assertThat(preflight.seen(question(name, Challenge.HTTP_01))).contains(before);

    DNS.bind().replace(name, Type.A, OURS);
    assertThat(preflight.seen(question(name, Challenge.HTTP_01)).orElseThrow())
        .isNotEqualTo(before);
  }

  private static String why(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ready _ -> "";
      case Verdict.Doubtful doubtful -> doubtful.why();
      case Verdict.Wrong wrong -> wrong.why();
    };
  }

  private Report look(Preflight preflight) throws InterruptedException {
    return preflight.look(question(name, Challenge.HTTP_01));
  }

  private static Question question(String name, Challenge challenge) {
    return new Question(
        new HostPattern(false, name), challenge, Set.of("ca.example"), Optional.empty());
  }

  private Preflight preflight() {
    return preflight(Set.of(), true);
  }

  private Preflight preflight(Set<InetAddress> told, boolean privateCa) {
    return preflight(DNS.bind().address(), told, privateCa);
  }

  private Preflight preflight(ServerAddress resolver, Set<InetAddress> told, boolean privateCa) {
    return new Preflight(
        new NameRecords(
            Optional.of(resolver),
            new DnsNetwork(
                DNS.bind().port(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(50))),
        board,
        told,
        privateCa,
        Clock.systemUTC(),
        new NonceProbe(cluster.getAddress().getPort(), LIMIT));
  }
}
