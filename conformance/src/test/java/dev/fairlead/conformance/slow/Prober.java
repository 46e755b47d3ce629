package dev.fairlead.conformance.slow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client that is new each time: it connects, shakes hands, asks for a small answer, and notes how
 * long all of that took. Keeps on while something else goes on.
 */
final class Prober {

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int LIMIT_MILLIS = 10_000;
  private static final int TO_WARM_UP = 20;

  private final ProxyFixture proxy;
  private final InetAddress from;

  /** One that comes from an address of this machine and asks host {@code a.test}. */
  Prober(ProxyFixture proxy, String from) {
    this.proxy = proxy;
    this.from = InetAddress.ofLiteral(from);
  }

  /** Goes on beside. */
  @FunctionalInterface
  interface Attack {
    void run() throws Exception;
  }

  /**
   * What it saw.
   *
   * @param answers how long each took
   * @param failures of those that were not answered
   * @param mostConnections of the proxy's that were open at once
   * @param ofOthers connections that the proxy accepted from others meanwhile
   */
  record Seen(List<Duration> answers, List<String> failures, int mostConnections, long ofOthers) {

    Duration slowest() {
      return answers.stream().max(Duration::compareTo).orElseThrow();
    }

    @Override
    public String toString() {
      return "%d of %d fresh clients answered, the slowest after %d ms; %d other connections, up to %d open"
          .formatted(
              answers.size(),
              answers.size() + failures.size(),
              slowest().toMillis(),
              ofOthers,
              mostConnections);
    }
  }

  /** Asks over and over until the attack is over. */
  Seen during(Attack attack) throws Exception {
    for (int i = 0; i < TO_WARM_UP; i++) {
      ask();
    }
    List<Duration> answers = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    int[] mostConnections = new int[1];
    long before = proxy.server().connectionsAccepted();
    CountDownLatch over = new CountDownLatch(1);
    Thread asking =
        Thread.ofPlatform()
            .start(
                () -> {
                  do {
                    try {
                      answers.add(ask());
                    } catch (IOException e) {
                      failures.add(e.toString());
                    }
                    mostConnections[0] =
                        Math.max(mostConnections[0], proxy.server().openConnections());
                  } while (!isOver(over));
                });
    try {
      attack.run();
    } finally {
      over.countDown();
      asking.join();
    }
    long accepted = proxy.server().connectionsAccepted() - before;
    return new Seen(
        answers, failures, mostConnections[0], accepted - answers.size() - failures.size());
  }

  private static boolean isOver(CountDownLatch over) {
    try {
      return over.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private Duration ask() throws IOException {
    // One that remembers no session.
    SSLContext tls = ProxyFixture.ca().clientContext();
    long start = System.nanoTime();
    try (Socket plain = new Socket()) {
      plain.bind(new InetSocketAddress(from, 0));
      plain.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), proxy.httpsPort()),
          LIMIT_MILLIS);
      plain.setSoTimeout(LIMIT_MILLIS);
      try (SSLSocket secure =
              (SSLSocket)
                  tls.getSocketFactory().createSocket(plain, "a.test", proxy.httpsPort(), true);
          Wire client = new Wire(secure)) {
        assertThat(client.get("a.test", "/").read().status()).isEqualTo(200);
      }
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
