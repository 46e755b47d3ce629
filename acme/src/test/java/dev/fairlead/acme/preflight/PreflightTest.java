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
import dev.fairlead.config.bootstrap.PreflightSettings;
import dev.fairlead.config.bootstrap.ServerAddress;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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

/**
 * What is seen of names in a real DNS, and of who answers at real addresses. Long, as each verdict
 * is a few lines on the same set-up.
 */
class PreflightTest {

  @RegisterExtension static final BindExtension DNS = new BindExtension();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String OURS = "127.0.0.2";
  private static final String STRANGERS = "127.0.0.3";
  private static final String NOBODYS = "127.0.0.4";

  @TempDir Path directory;
  private final String name = "shop%d.%s".formatted(NUMBER.incrementAndGet(), Bind.ZONE);
  private Storage storage;
  private ChallengeBoard board;
  private HttpServer cluster;
  private HttpServer stranger;
  private volatile boolean answers = true;
  private volatile int status = 404;

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
                  .join()
                  .found()
                  .filter(_ -> answers);
          byte[] body = answer.orElse("").getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(answer.isPresent() ? 200 : 404, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    stranger.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
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
    Preflight told = preflight(List.of(InetAddress.ofLiteral(OURS)), true);
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
  void whatIsInFrontOfUsIsFineWhereTheNonceComesThroughIt() throws Exception {
    DNS.bind().replace(name, Type.A, OURS);
    assertThat(look(preflight(List.of(InetAddress.ofLiteral(NOBODYS)), true)).verdict())
        .isEqualTo(new Verdict.Ready());
  }

  @Test
  void anAddressThatRedirectsMayLeadHere() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    status = 301;
    assertThat(look(preflight(List.of(InetAddress.ofLiteral(OURS)), true)).verdict())
        .isInstanceOf(Verdict.Doubtful.class);
  }

  @Test
  void whatThisNetworkAloneSeesIsDoubtfulForAPublicCa() throws Exception {
    DNS.bind().replace(name, Type.A, "192.168.1.5");
    Preflight preflight = preflight(List.of(InetAddress.ofLiteral("203.0.113.5")), false);
    assertThat(look(preflight).verdict())
        .isEqualTo(
            new Verdict.Doubtful(
                "%s resolves to 192.168.1.5, this cluster answers at 203.0.113.5 (expected: the same address)"
                    .formatted(name)));
  }

  @Test
  void portOf443NeedsTheAddressAlone() throws Exception {
    DNS.bind().replace(name, Type.A, NOBODYS);
    assertThat(preflight().look(question(name, Challenge.TLS_ALPN_01)).verdict())
        .isEqualTo(new Verdict.Ready());
    assertThat(
            preflight(List.of(InetAddress.ofLiteral(OURS)), true)
                .look(question(name, Challenge.TLS_ALPN_01))
                .verdict())
        .isInstanceOf(Verdict.Wrong.class);
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
  void whatWasOnlyFoundOutHoldsUpThreeTries() throws Exception {
    Preflight preflight = preflight();
    DNS.bind().replace(name, Type.A, OURS);
    assertThat(look(preflight).verdict()).isEqualTo(new Verdict.Ready());
    DNS.bind().replace(name, Type.A, STRANGERS);
    assertThat(preflight.look(question(name, Challenge.HTTP_01, 2)).verdict())
        .isInstanceOf(Verdict.Wrong.class);
    assertThat(preflight.look(question(name, Challenge.HTTP_01, 3)).verdict())
        .isInstanceOf(Verdict.Doubtful.class);
  }

  @Test
  void whoRefusesStrangersOrIsNotReachedMayBeInFrontOfUs() throws Exception {
    Preflight preflight = preflight();
    DNS.bind().replace(name, Type.A, OURS);
    assertThat(look(preflight).verdict()).isEqualTo(new Verdict.Ready());
    for (int answer : new int[] {301, 403, 502}) {
      status = answer;
      DNS.bind().replace(name, Type.A, STRANGERS);
      assertThat(look(preflight).verdict())
          .as("HTTP status %d", answer)
          .isInstanceOf(Verdict.Doubtful.class);
    }
    DNS.bind().replace(name, Type.A, NOBODYS);
    assertThat(look(preflight).verdict()).isInstanceOf(Verdict.Doubtful.class);
  }

  @Test
  void anInstanceThatMissedTheNonceAtOurAddressIsNotSomebodyElse() throws Exception {
    Preflight preflight = preflight();
    DNS.bind().replace(name, Type.A, OURS);
    assertThat(look(preflight).verdict()).isEqualTo(new Verdict.Ready());
    answers = false;
    assertThat(look(preflight).verdict()).isEqualTo(new Verdict.Ready());
  }

  @Test
  void anAddressOfAnotherKindSaysNothingOfOurs() {
    InetAddress four = InetAddress.ofLiteral("203.0.113.5");
    assertThat(AddressRules.areAlike(four, InetAddress.ofLiteral("198.51.100.7"))).isTrue();
    assertThat(AddressRules.areAlike(four, InetAddress.ofLiteral("192.168.1.5"))).isFalse();
    assertThat(AddressRules.areAlike(four, InetAddress.ofLiteral("2001:db8::5"))).isFalse();
  }

  @Test
  void addressesAreSaidAsDigWritesThem() {
    assertThat(
            AddressRules.text(
                List.of(
                    InetAddress.ofLiteral("2001:db8::99"), InetAddress.ofLiteral("203.0.113.5"))))
        .isEqualTo("2001:db8::99, 203.0.113.5");
  }

  @Test
  void aNameThatIsAnAddressIsNotLookedUp() throws Exception {
    assertThat(preflight().look(question(OURS, Challenge.HTTP_01)).verdict())
        .isEqualTo(new Verdict.Ready());
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
    assertThat(why(look(preflight(List.of(), false)).verdict()))
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
  void whatTheSystemsDnsServersDoNotKnowTheWorldsMay() throws Exception {
    assertThat(look(insidePreflight()).verdict()).isInstanceOf(Verdict.Doubtful.class);
    assertThat(why(look(insidePreflight()).verdict())).startsWith(name + " has no address in DNS");
  }

  @Test
  void caaRecordsBesideAnInsideAddressMayBeThisNetworksAlone() throws Exception {
    DNS.bind().replace(name, Type.CAA, "0 issue \"other-ca.example\"");
    DNS.bind().replace(name, Type.A, "192.168.1.5");
    for (Challenge challenge : Challenge.values()) {
      assertThat(insidePreflight().look(question(name, challenge)).verdict())
          .isInstanceOf(Verdict.Doubtful.class);
    }
    DNS.bind().replace(name, Type.A, "203.0.113.5");
    for (Challenge challenge : Challenge.values()) {
      assertThat(insidePreflight().look(question(name, challenge)).verdict())
          .isInstanceOf(Verdict.Wrong.class);
    }
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
    Preflight preflight = preflight(new ServerAddress("127.0.0.1", port), List.of(), true);
    Report report = look(preflight);
    assertThat(report.verdict()).isInstanceOf(Verdict.Doubtful.class);
    assertThat(why(report.verdict())).startsWith("no DNS server tells the A records of " + name);
    assertThat(report.seen()).isEqualTo(Report.SILENT);
    assertThat(preflight.seen(question(name, Challenge.HTTP_01))).isEmpty();
  }

  @Test
  void aDnsServerThatIsSilentIsNotWaitedForByEachName() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Preflight preflight =
          preflight(new ServerAddress("127.0.0.1", silent.getLocalPort()), List.of(), true);
      Verdict first = look(preflight).verdict();
      assertThat(first).isInstanceOf(Verdict.Doubtful.class);
      assertThat(questions(silent)).isPositive();

      assertThat(preflight.look(question("other-" + name, Challenge.HTTP_01)).verdict())
          .isEqualTo(first);
      assertThat(questions(silent)).isZero();
    }
  }

  /** How many came since the last look. */
  private static int questions(DatagramSocket server) throws IOException {
    server.setSoTimeout(1);
    for (int count = 0; ; count++) {
      try {
        server.receive(new DatagramPacket(new byte[512], 512));
      } catch (SocketTimeoutException e) {
        return count;
      }
    }
  }

  @Test
  void dnsIsNotAskedForAnAddress() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ServerAddress silent = new ServerAddress("127.0.0.1", port);
    Question ours = question(OURS, Challenge.HTTP_01);
    assertThat(preflight(silent, List.of(), true).look(ours).verdict())
        .isEqualTo(new Verdict.Ready());
    assertThat(preflight(silent, List.of(), true).seen(ours)).isPresent();
    assertThat(why(preflight(silent, List.of(), false).look(ours).verdict()))
        .startsWith("127.0.0.2 is wanted, which no public CA reaches");

    Preflight told = preflight(silent, List.of(InetAddress.getByName(OURS)), true);
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

  @Test
  void theOrderOfAnswersIsNoDifference() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS, OURS);
    Question question = question(name, Challenge.HTTP_01);
    String before = preflight().seen(question).orElseThrow();
    DNS.bind().replace(name, Type.A, OURS, STRANGERS);
    assertThat(preflight().seen(question)).contains(before);
  }

  @Test
  void theAliasOfTheRecordsNameIsSeenForDns01() throws Exception {
    Question question = question(name, Challenge.DNS_01);
    String before = preflight().seen(question).orElseThrow();
    DNS.bind().replace(name, Type.A, OURS); // nothing that dns-01 depends on
    assertThat(preflight().seen(question)).contains(before);

    DNS.bind().replace("_acme-challenge." + name, Type.CNAME, "records." + Bind.ZONE + ".");
    assertThat(preflight().seen(question).orElseThrow()).isNotEqualTo(before);
  }

  @Test
  void whatOthersHaveSetAsTheRecordIsSeenForDnsPersist01() throws Exception {
    Question question = question(name, Challenge.DNS_PERSIST_01);
    Report before = preflight().look(question);
    assertThat(before.verdict()).as("it needs no address").isEqualTo(new Verdict.Ready());
    DNS.bind().replace(name, Type.A, STRANGERS); // nothing that it depends on
    assertThat(preflight().seen(question)).contains(before.seen());

    DNS.bind().replace("_validation-persist." + name, Type.TXT, "\"ca.example\"");
    assertThat(preflight().seen(question).orElseThrow()).isNotEqualTo(before.seen());
  }

  @Test
  void caaRecordsMayForbidDnsPersist01() throws Exception {
    DNS.bind()
        .replace(name, Type.CAA, "0 issue \"ca.example; validationmethods=dns-01,dns-persist-01\"");
    assertThat(preflight().look(question(name, Challenge.DNS_PERSIST_01)).verdict())
        .isEqualTo(new Verdict.Ready());
    DNS.bind().replace(name, Type.CAA, "0 issue \"ca.example; validationmethods=dns-01\"");
    assertThat(why(preflight().look(question(name, Challenge.DNS_PERSIST_01)).verdict()))
        .startsWith("the CAA records of " + name);
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
    return question(name, challenge, 0);
  }

  private static Question question(String name, Challenge challenge, int failures) {
    return new Question(
        new HostPattern(false, name), challenge, Set.of("ca.example"), Optional.empty(), failures);
  }

  private Preflight preflight() {
    return preflight(List.of(), true);
  }

  private Preflight preflight(List<InetAddress> told, boolean privateCa) {
    return preflight(DNS.bind().address(), told, privateCa);
  }

  private Preflight preflight(ServerAddress resolver, List<InetAddress> told, boolean privateCa) {
    return new Preflight(
        new PreflightSettings(true, told, Optional.of(resolver)),
        privateCa,
        board,
        network(),
        cluster.getAddress().getPort(),
        Clock.systemUTC());
  }

  /** One that asks the system's DNS servers, which may be a network's own. */
  private Preflight insidePreflight() {
    return new Preflight(
        new NameRecords(Optional.of(DNS.bind().address()), network()),
        false,
        List.of(),
        false,
        new Probing(board, new NonceProbe(cluster.getAddress().getPort(), LIMIT)),
        Clock.systemUTC());
  }

  private static DnsNetwork network() {
    return new DnsNetwork(
        DNS.bind().port(), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(50));
  }
}
