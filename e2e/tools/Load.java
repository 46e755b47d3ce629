import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Steady requests to one URL, and what became of each: {@code Load ADDRESS ROOT.pem FILE URL
 * KIND=RATE…}. Runs from when it has made {@code FILE.started} until there is {@code FILE.stop}.
 *
 * <p>Requests leave at fixed times, whether or not earlier ones were answered. Nothing is tried
 * twice: what fails is counted, by what went wrong. Kinds are {@code new} (a connection for every
 * request), {@code reused} (HTTP/1.1 keep-alive), {@code h2} (one HTTP/2 connection), {@code slow}
 * (as new, to the path {@code /slow}); and, for {@code App}, {@code post}, {@code upload} (10 MB),
 * {@code download}, {@code events} and {@code websocket} (30 s each). A rate can be a fraction.
 * Certificates are verified against the root alone.
 */
final class Load {
  public static void main(String[] arguments) throws Exception {
    String address = arguments[0];
    URI uri = URI.create(arguments[3]);
    Path hosts = Path.of(arguments[2] + ".hosts");
    Files.writeString(hosts, address + " " + uri.getHost() + "\n");
    System.setProperty("jdk.net.hosts.file", hosts.toString());
    // what the JDK's client would repeat in silence is to be counted
    System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    System.setProperty("jdk.httpclient.disableRetryConnect", "true");
    Server server = new Server(address, uri, trustOnly(Path.of(arguments[1])));

    Path stop = Path.of(arguments[2] + ".stop");
    List<Tally> tallies = new ArrayList<>();
    try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService clocks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String each : List.of(arguments).subList(4, arguments.length)) {
        String kind = each.substring(0, each.indexOf('='));
        double perSecond = Double.parseDouble(each.substring(kind.length() + 1));
        Duration pause = Duration.ofNanos((long) (1e9 / perSecond));
        Exchange exchange = server.exchange(kind);
        Tally tally = new Tally(kind);
        tallies.add(tally);
        clocks.execute(
            () -> steadily(pause, stop, () -> requests.execute(() -> tally.count(exchange))));
      }
      Files.createFile(Path.of(arguments[2] + ".started"));
      waitFor(stop);
    }
    tallies.forEach(System.out::println);
  }

  private static void steadily(Duration pause, Path stop, Runnable action) {
    for (long next = System.nanoTime(); Files.notExists(stop); next += pause.toNanos()) {
      LockSupport.parkNanos(next - System.nanoTime());
      action.run();
    }
  }

  private static void waitFor(Path file) {
    while (Files.notExists(file)) {
      LockSupport.parkNanos(20_000_000);
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
