import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Steady requests to one URL, and what became of each: {@code Load ADDRESS[:PORT],… ROOT.pem FILE
 * URL KIND=RATE…}. Runs from when it has made {@code FILE.started} until there is {@code
 * FILE.stop}; prints a line for each kind, and writes {@code FILE.failures} and {@code FILE.tasks}
 * ({@link Tally}).
 *
 * <p>Requests leave at fixed times, fewer in the first seconds, whether or not earlier ones were
 * answered; but where {@value #AT_ONCE} of a kind are under way they wait, which counts as time of
 * theirs. Nothing is tried twice: what fails is counted, by what went wrong. Only who is refused a
 * connection goes to the next address, where there are several. Kinds are {@code new} (a connection
 * for every request), {@code reused} (HTTP/1.1 keep-alive), {@code h2} (one HTTP/2 connection),
 * {@code slow} (as new, to the path {@code /slow}); and, for {@code App}, {@code post}, {@code
 * upload} (10 MB), {@code download}, {@code events} and {@code websocket} (30 s each). A rate can
 * be a fraction. Certificates are verified against the root alone.
 */
final class Load {
  /** As one connection of HTTP/2 has no more, and one address may not have too many connections. */
  private static final int AT_ONCE = 90;

  /** In which the rates grow: this program is slow at first. */
  private static final Duration START = Duration.ofSeconds(5);

  private final Path stop;
  private volatile boolean leaving;

  private Load(Path stop) {
    this.stop = stop;
  }

  public static void main(String[] arguments) throws Exception {
    URI uri = URI.create(arguments[3]);
    Path hosts = Path.of(arguments[2] + ".hosts");
    System.setProperty("jdk.net.hosts.file", hosts.toString());
    Security.setProperty("networkaddress.cache.ttl", "0");
    // what the JDK's client would repeat in silence is to be counted
    System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    System.setProperty("jdk.httpclient.disableRetryConnect", "true");

    Load load = new Load(Path.of(arguments[2] + ".stop"));
    Addresses addresses = new Addresses(arguments[0], uri.getHost(), hosts);
    SSLContext tls = trustOnly(Path.of(arguments[1]));
    load.run(
        new Server(addresses, uri, tls, () -> load.leaving),
        arguments[2],
        List.of(arguments).subList(4, arguments.length));
  }

  private void run(Server server, String file, List<String> kinds) throws Exception {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    List<Tally> tallies = new ArrayList<>();
    try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService clocks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String each : kinds) {
        String kind = each.substring(0, each.indexOf('='));
        double perSecond = Double.parseDouble(each.substring(kind.length() + 1));
        Duration pause = Duration.ofNanos((long) (1e9 / perSecond));
        Exchange exchange = bounded(server.exchange(kind));
        Tally tally = new Tally(kind, failures::add);
        tallies.add(tally);
        clocks.execute(() -> steadily(pause, () -> requests.execute(() -> tally.count(exchange))));
      }
      Files.createFile(Path.of(file + ".started"));
      while (Files.notExists(stop)) {
        LockSupport.parkNanos(20_000_000);
      }
      leaving = true;
    }
    Files.write(Path.of(file + ".failures"), failures);
    Files.write(Path.of(file + ".tasks"), tallies.stream().map(Tally::byTask).toList());
    tallies.forEach(System.out::println);
  }

  private static Exchange bounded(Exchange exchange) {
    Semaphore places = new Semaphore(AT_ONCE);
    return seen -> {
      places.acquire();
      try {
        exchange.run(seen);
      } finally {
        places.release();
      }
    };
  }

  private void steadily(Duration pause, Runnable action) {
    long start = System.nanoTime();
    for (long next = start; !leaving; ) {
      LockSupport.parkNanos(next - System.nanoTime());
      action.run();
      double done = Math.max(0.1, Math.min(1, (double) (next - start) / START.toNanos()));
      next += (long) (pause.toNanos() / done);
    }
  }

  private static SSLContext trustOnly(Path root) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null);
    try (InputStream pem = Files.newInputStream(root)) {
      trusted.setCertificateEntry(
          "root", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
