import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Steady requests to one URL, and what became of each: {@code Load ADDRESS ROOT.pem FILE URL
 * KIND=RATE…}. Runs from when it has made {@code FILE.started} until there is {@code FILE.stop}.
 *
 * <p>Requests leave at fixed times, whether or not earlier ones were answered. Nothing is tried
 * twice: what fails is counted, by what went wrong. Kinds are {@code new} (a connection for every
 * request), {@code reused} (HTTP/1.1 keep-alive), {@code h2} (one HTTP/2 connection) and {@code
 * slow} (as new, to the path {@code /slow}). Certificates are verified against the root alone.
 */
final class Load {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** One request and its answer; returns when the answer was 200 and whole. */
  private interface Exchange {
    void run() throws Exception;
  }

  /** An answer that came, but is not the one wanted. */
  private static final class WrongAnswer extends Exception {
    private static final long serialVersionUID = 1;

    WrongAnswer(String message) {
      super(message);
    }
  }

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
        long perSecond = Long.parseLong(each.substring(kind.length() + 1));
        Duration pause = Duration.ofSeconds(1).dividedBy(perSecond);
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

  /** Counts the exchanges of one kind. Thread-safe. */
  private static final class Tally {
    private final String kind;
    private final Map<String, Integer> failures = new TreeMap<>();
    private int requests;
    private long lastGood = System.nanoTime();
    private long longestPauseNanos;

    Tally(String kind) {
      this.kind = kind;
    }

    void count(Exchange exchange) {
      try {
        exchange.run();
        succeeded();
      } catch (Exception failure) {
        failed(nameOf(failure));
      }
    }

    private synchronized void succeeded() {
      requests++;
      long now = System.nanoTime();
      longestPauseNanos = Math.max(longestPauseNanos, now - lastGood);
      lastGood = now;
    }

    private synchronized void failed(String name) {
      requests++;
      failures.merge(name, 1, Integer::sum);
    }

    private static String nameOf(Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof CertificateException) {
          return "untrusted certificate";
        }
      }
      return switch (failure) {
        case WrongAnswer _ -> failure.getMessage();
        case ConnectException _ -> "connection refused";
        case SocketTimeoutException _, HttpTimeoutException _ -> "no answer in time";
        case EOFException _ -> "closed before the end of the answer";
        case SSLException _ -> "TLS: " + failure.getMessage();
        case SocketException _ -> "connection: " + failure.getMessage();
        default -> failure.toString();
      };
    }

    @Override
    public synchronized String toString() {
      int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
      return "%s: %d requests, %d failed %s, longest pause %d ms"
          .formatted(kind, requests, failed, failures, longestPauseNanos / 1_000_000);
    }
  }

  /** How the server is reached: its address, and the URL that is asked for. */
  private record Server(String address, URI uri, SSLContext tls) {

    Exchange exchange(String kind) {
      return switch (kind) {
        case "new" -> () -> askOnce(uri.getRawPath());
        case "slow" -> () -> askOnce("/slow");
        case "reused" -> reused();
        case "h2" -> multiplexed();
        default -> throw new IllegalArgumentException("no such kind: " + kind);
      };
    }

    private void askOnce(String path) throws Exception {
      try (Connection connection = new Connection(this)) {
        connection.get(path);
      }
    }

    private Exchange reused() {
      Deque<Connection> idle = new ConcurrentLinkedDeque<>();
      return () -> {
        Connection connection = idle.pollFirst();
        if (connection == null) {
          connection = new Connection(this);
        }
        try {
          connection.get(uri.getRawPath());
        } catch (Exception failure) {
          connection.close();
          throw failure;
        }
        idle.addFirst(connection);
      };
    }

    private Exchange multiplexed() {
      HttpClient client = HttpClient.newBuilder().sslContext(tls).build();
      HttpRequest request =
          HttpRequest.newBuilder(uri).timeout(Duration.ofMillis(TIMEOUT_MILLIS)).build();
      return () -> {
        var response = client.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
          throw new WrongAnswer("status " + response.statusCode());
        }
        if (response.version() != HttpClient.Version.HTTP_2) {
          throw new WrongAnswer("not HTTP/2");
        }
      };
    }
  }

  /** One connection that speaks HTTP/1.1. One thread at a time. */
  private static final class Connection implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;
    private final String host;

    Connection(Server server) throws IOException {
      host = server.uri().getHost();
      Socket plain = new Socket();
      plain.connect(new InetSocketAddress(server.address(), 443), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      socket = (SSLSocket) server.tls().getSocketFactory().createSocket(plain, host, 443, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      try {
        socket.startHandshake();
        in = new BufferedInputStream(socket.getInputStream());
      } catch (IOException failure) {
        plain.close();
        throw failure;
      }
    }

    void get(String path) throws Exception {
      String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String status = line().split(" ", 3)[1];
      int length = -1;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Integer.parseInt(header.substring(15).strip());
        }
      }
      if (in.readNBytes(Math.max(length, 0)).length < length) {
        throw new EOFException();
      }
      if (!status.equals("200")) {
        throw new WrongAnswer("status " + status);
      }
      if (length <= 0) {
        throw new WrongAnswer("no body");
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException();
        }
        line.append((char) c);
      }
      return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
