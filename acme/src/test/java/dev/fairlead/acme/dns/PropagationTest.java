package dev.fairlead.acme.dns;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.acme.dns.ZoneView.Place;
import dev.fairlead.acme.dns.ZoneView.Seen;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

/** Waiting for a record, with servers that answer as told and a clock that jumps. */
class PropagationTest {

  private static final TxtRecord RECORD = new TxtRecord("_acme-challenge.example.com", "value");
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Jumping ticker = new Jumping();
  private final Servers servers = new Servers();

  @Test
  void waitsUntilTheLastServerHasIt() throws Exception {
    servers.answers("192.0.2.1", look -> Seen.HERE);
    servers.answers("192.0.2.2", look -> look < 5 ? Seen.MISSING : Seen.HERE);

    await(Duration.ofMinutes(2));

    assertThat(servers.looks("192.0.2.2")).isEqualTo(5);
    assertThat(ticker.passed()).isEqualTo(PAUSE.multipliedBy(4));
  }

  @Test
  void doesNotAskAgainWhoHasIt() throws Exception {
    servers.answers("192.0.2.1", look -> Seen.HERE);
    servers.answers("192.0.2.2", look -> look < 5 ? Seen.MISSING : Seen.HERE);

    await(Duration.ofMinutes(2));

    assertThat(servers.looks("192.0.2.1")).isEqualTo(1);
  }

  @Test
  void givesUpInTimeAndNamesWhoDoesNotHaveIt() {
    servers.answers("192.0.2.1", look -> Seen.HERE);
    servers.answers("192.0.2.2", look -> Seen.MISSING);

    assertThatThrownBy(() -> await(Duration.ofSeconds(60)))
        .isInstanceOf(DnsException.class)
        .hasMessage(
            "the TXT record of _acme-challenge.example.com was not at ns.example.com"
                + " (192.0.2.2:53) within 60 s (expected: a hint)");
    assertThat(ticker.passed()).isLessThanOrEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void goesOnWithoutThoseThatCannotBeReachedFromHere() throws Exception {
    servers.answers("192.0.2.1", look -> Seen.HERE);
    servers.answers("192.0.2.2", look -> Seen.SILENT);

    await(Duration.ofMinutes(2));

    assertThat(servers.looks("192.0.2.2")).isEqualTo(3);
  }

  @Test
  void oneLostAnswerIsNoSilence() throws Exception {
    servers.answers("192.0.2.1", look -> Seen.HERE);
    servers.answers(
        "192.0.2.2", look -> look == 1 ? Seen.SILENT : look < 6 ? Seen.MISSING : Seen.HERE);

    await(Duration.ofMinutes(2));

    assertThat(servers.looks("192.0.2.2")).isEqualTo(6);
  }

  @Test
  void failsWhenNobodyCanBeAsked() {
    servers.answers("192.0.2.1", look -> Seen.SILENT);

    assertThatThrownBy(() -> await(Duration.ofSeconds(10)))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("none of the servers of the zone example.com answers here")
        .hasMessageContaining("acme.dns.wait=0s");
  }

  @Test
  void looksAtNoneWhenToldNotTo() throws Exception {
    servers.answers("192.0.2.1", look -> Seen.MISSING);

    await(Duration.ZERO);

    assertThat(servers.looks("192.0.2.1")).isZero();
  }

  private void await(Duration limit) throws Exception {
    new Propagation(servers, limit, PAUSE, ticker).await(RECORD, "a hint");
  }

  private static final class Servers implements ZoneView {

    private final Map<String, IntFunction<Seen>> answers = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> looks = new ConcurrentHashMap<>();

    void answers(String address, IntFunction<Seen> byLook) {
      answers.put(address, byLook);
      looks.put(address, new AtomicInteger());
    }

    int looks(String address) {
      return requireNonNull(looks.get(address)).get();
    }

    @Override
    public Place place(String name) throws DnsException {
      Name server = Lookups.name("ns.example.com");
      List<NameServer> servers =
          answers.keySet().stream()
              .sorted()
              .map(address -> new NameServer(server, new InetSocketAddress(address, 53)))
              .toList();
      return new Place(Lookups.name(name), Lookups.name("example.com"), servers);
    }

    @Override
    public Seen look(NameServer server, Name name, String value) {
      assertThat(value).isEqualTo(RECORD.value());
      String address = server.address().getAddress().getHostAddress();
      int look = requireNonNull(looks.get(address)).incrementAndGet();
      return requireNonNull(answers.get(address)).apply(look);
    }
  }

  private static final class Jumping implements Ticker {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000); // it may overflow
    private final long start = nanos.get();

    Duration passed() {
      return Duration.ofNanos(nanos.get() - start);
    }

    @Override
    public long nanos() {
      return nanos.get();
    }

    @Override
    public void sleep(Duration pause) {
      nanos.addAndGet(pause.toNanos());
    }
  }
}
