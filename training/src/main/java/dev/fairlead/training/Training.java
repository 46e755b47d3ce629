package dev.fairlead.training;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/**
 * {@code Training CACHE SECONDS JAVA…}: runs a proxy in a bed of its own under load, and lets its
 * JVM write what it has loaded and learnt to a file, which a later start of the same jars in the
 * same JVM begins with (JEP 483, 514 and 515). {@code JAVA…} is the command up to Fairlead's own
 * arguments, with the flags that the file is for.
 */
final class Training {

  private static final int SERVICES = 50;
  private static final int BODY_BYTES = 20_000;
  private static final int VISITORS = 3;
  private static final int STREAMS = 20;
  private static final Duration WRITING_LIMIT = Duration.ofMinutes(5);
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  private final Bed bed;
  private final Visitor visitor;

  private Training(Bed bed) throws IOException, GeneralSecurityException {
    this.bed = bed;
    this.visitor = new Visitor(bed);
  }

  public static void main(String[] args) throws Exception {
    nameTheHosts();
    // the app keeps its connections: one that it closed would fail a POST that crosses it
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    System.setProperty("sun.net.httpserver.idleInterval", "3600");
    Path cache = Path.of(args[0]).toAbsolutePath();
    int seconds = Integer.parseInt(args[1]);
    List<String> java = new ArrayList<>(Arrays.asList(args).subList(2, args.length));
    java.add(1, "-XX:AOTCacheOutput=" + cache);
    try (Bed bed = Bed.of(SERVICES)) {
      Process proxy = bed.process(java, "run").start();
      try {
        Training training = new Training(bed);
        training.awaitStart(proxy);
        training.visit(Duration.ofSeconds(seconds));
        proxy.destroy(); // SIGTERM: it writes the file at its end
        boolean ended = proxy.waitFor(WRITING_LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (!ended || !Files.exists(cache)) {
          throw new IOException("the JVM has not written " + cache);
        }
      } catch (IOException e) {
        proxy.destroyForcibly();
        throw new IOException(e.getMessage() + "; the proxy's log:\n" + lastLines(bed.log()), e);
      }
    }
    System.out.println(cache + ": " + Files.size(cache) / (1 << 20) + " MiB");
    System.exit(0);
  }

  /**
   * The JDK's HTTP client finds hosts by their names alone, and reads this file at its first one.
   */
  private static void nameTheHosts() throws IOException {
    Path hosts = Files.createTempFile("hosts", "");
    hosts.toFile().deleteOnExit();
    Files.write(
        hosts, IntStream.range(0, SERVICES).mapToObj(i -> "127.0.0.1 " + Swarm.host(i)).toList());
    System.setProperty("jdk.net.hosts.file", hosts.toString());
  }

  private void awaitStart(Process proxy) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (SSLSocket first = visitor.connect(Swarm.host(0))) {
        expect(200, Visitor.get(first, Swarm.host(0), "GET", 0));
        return;
      } catch (IOException notYet) {
        if (!proxy.isAlive() || System.nanoTime() > end) {
          throw notYet;
        }
        Thread.sleep(50);
      }
    }
  }

  /** Visitors of all kinds at once. */
  private void visit(Duration duration) throws IOException, InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    List<FutureTask<Void>> visits = new ArrayList<>();
    for (int i = 0; i < VISITORS; i++) {
      int number = i;
      visits.add(
          new FutureTask<>(
              () -> {
                http1(number, end);
                return null;
              }));
    }
    visits.add(
        new FutureTask<>(
            () -> {
              http2(end);
              return null;
            }));
    visits.forEach(visit -> Thread.ofPlatform().daemon().start(visit));
    for (var visit : visits) {
      try {
        visit.get();
      } catch (ExecutionException e) {
        throw new IOException("a visit failed: " + e.getCause(), e);
      }
    }
  }

  private void http1(int number, long end) throws IOException {
    for (int i = number; System.nanoTime() < end; i += VISITORS) {
      String host = Swarm.host(i % SERVICES);
      try (SSLSocket socket = visitor.connect(host)) {
        for (int request = 0; request < 100; request++) {
          boolean post = request % 10 == 0;
          expect(200, Visitor.get(socket, host, post ? "POST" : "GET", post ? BODY_BYTES : 0));
        }
        expect(421, Visitor.get(socket, "another." + Swarm.DOMAIN, "GET", 0));
      }
    }
  }

  private void http2(long end) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(visitor.tls()).build()) {
      expect(308, status(client, URI.create("http://%s:%d/".formatted(Swarm.host(0), bed.http()))));
      for (int i = 0; System.nanoTime() < end; i++) {
        URI uri =
            URI.create("https://%s:%d/page?q=1".formatted(Swarm.host(i % SERVICES), bed.https()));
        var visits =
            Stream.generate(() -> client.sendAsync(request(uri), BodyHandlers.discarding()))
                .limit(STREAMS)
                .toList();
        for (var visit : visits) {
          expect(200, visit.join().statusCode());
        }
      }
    }
  }

  private static int status(HttpClient client, URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }

  private static HttpRequest request(URI uri) {
    return HttpRequest.newBuilder(uri)
        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[BODY_BYTES]))
        .build();
  }

  private static String lastLines(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  private static void expect(int status, int seen) throws IOException {
    if (seen != status) {
      throw new IOException("answer: " + seen + " (expected: " + status + ")");
    }
  }
}
