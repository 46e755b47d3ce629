package dev.fairlead.conformance.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests of all kinds, with clients that break off, apps that break off and those that are
 * silent: when they are over nothing of them is left in the proxy, and each was logged once.
 */
class GrowthTest {

  private static final int SHORT = 180_000;
  private static final int SHORT_WARM_UP = 20_000;
  private static final int LONG = Integer.getInteger("growth.requests", 10_000_000);
  private static final int LONG_WARM_UP = 300_000;

  /** Bytes by which the heap may differ: what the JVM compiles and knows of itself. */
  private static final long HEAP_TOLERANCE = 1024 * 1024;

  /** Bytes of buffers that are kept for later, which depends on how many were in use at a time. */
  private static final long BUFFERS_TOLERANCE = 16 * 1024 * 1024;

  /** Bytes of the C library's own bookkeeping, and of code that was compiled. */
  private static final long RESIDENT_TOLERANCE = 64 * 1024 * 1024;

  private static final Duration SETTLED = Duration.ofSeconds(60);

  /** All lambdas of a class have one name; one that holds nothing is made at its first use. */
  private static final String LAMBDA = "$$Lambda";

  private static final int FIRST_USES = 10;

  private static final String OURS = "dev.fairlead.proxy.";

  /** Endpoints that have left are looked after for ten seconds more. */
  private static final String DEPARTURE = OURS + "health.Departures$Departure";

  private static final String CHANNEL = "io.netty.channel.epoll.EpollSocketChannel";

  @TempDir private Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void nothingIsLeftOfRequestsOfAllKinds() throws Exception {
    nothingIsLeft("paranoid", SHORT_WARM_UP, SHORT);
  }

  @Test
  @Tag("long")
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void nothingIsLeftOfMillionsOfRequests() throws Exception {
    nothingIsLeft("simple", LONG_WARM_UP, LONG);
  }

  private void nothingIsLeft(String leaks, int warmUp, int requests) throws Exception {
    List<Kind> kinds = Kinds.all();
    // Shares of few requests are rounded up.
    int ids = warmUp + requests + 100 * kinds.size();
    try (Apps apps = new Apps();
        Proxy proxy = Proxy.start(folder, leaks, apps.routes(), ids)) {
      Target target = proxy.target();
      Run first = new Run(target, apps.signals(), 0);
      Rest before = visit(proxy, apps, first, Mix.of(kinds, warmUp), Map.of());

      Run second = new Run(target, apps.signals(), first.nextId());
      Mix mix = Mix.of(kinds, requests);
      long start = System.nanoTime();
      Rest after = visit(proxy, apps, second, mix, before.told());

      System.out.printf(
          "growth: %,d requests in %,d s, %,d of them logged; before: %s; after: %s%n",
          mix.requests(),
          Duration.ofNanos(System.nanoTime() - start).toSeconds(),
          total(after.told()) - total(before.told()),
          before.figures(),
          after.figures());
      // Nothing that clients do is worth a warning; a leak is one, and an app that fails too often.
      assertThat(proxy.log().lines().filter(line -> !line.contains("Ejections: ")))
          .noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
      compare(before, after);
    }
  }

  /** What there is once everybody has left. */
  private record Rest(
      Figures figures,
      Map<String, Long> objects,
      Map<String, Long> bytes,
      Map<String, Long> told) {}

  /** Makes the visits, waits until they are over for the proxy, too, and looks at what is left. */
  private static Rest visit(Proxy proxy, Apps apps, Run run, Mix mix, Map<String, Long> toldBefore)
      throws InterruptedException {
    proxy.ask("serve");
    assertThat(Visitors.make(run, mix)).isEmpty();
    await().atMost(SETTLED).untilAsserted(() -> assertThat(proxy.number("connections")).isZero());
    await().atMost(SETTLED).untilAsserted(() -> assertTold(run, toldBefore, proxy.counts("told")));
    assertThat(proxy.number("told twice")).isZero();
    assertThat(proxy.number("in flight")).isZero();
    assertThat(proxy.number("heads")).isZero();
    Map<String, Long> told = proxy.counts("told");

    proxy.ask("rest");
    await().atMost(SETTLED).untilAsserted(() -> assertThat(apps.connections()).isZero());
    await()
        .atMost(SETTLED)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> assertThat(proxy.counts("objects")).doesNotContainKeys(CHANNEL, DEPARTURE));
    return new Rest(proxy.figures(), proxy.counts("objects"), proxy.counts("bytes"), told);
  }

  /** The access log has every request once, with its status. */
  private static void assertTold(Run run, Map<String, Long> before, Map<String, Long> now) {
    Map<String, Long> told = new TreeMap<>(now);
    before.forEach((what, count) -> told.merge(what, -count, Long::sum));
    told.keySet().removeIf(what -> run.uncertain().contains(what.substring(0, what.indexOf(' '))));
    told.values().removeIf(count -> count == 0);
    assertThat(told).isEqualTo(run.expected());
  }

  private static void compare(Rest before, Rest after) {
    Figures was = before.figures();
    Figures is = after.figures();
    assertThat(more(before.objects(), after.objects())).isEmpty();
    assertThat(is.files()).isLessThanOrEqualTo(was.files());
    assertThat(is.threads()).isLessThanOrEqualTo(was.threads());
    assertThat(is.heap())
        .as(() -> "heap; what has grown most: " + grownMost(before.bytes(), after.bytes()))
        .isLessThan(was.heap() + HEAP_TOLERANCE);
    assertThat(is.buffers()).isLessThan(was.buffers() + BUFFERS_TOLERANCE);
    assertThat(is.direct()).isLessThan(was.direct() + BUFFERS_TOLERANCE);
    assertThat(is.resident()).isLessThan(was.resident() + RESIDENT_TOLERANCE);
  }

  /** The classes of the proxy that have more objects than before. */
  private static Map<String, Long> more(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> more = new TreeMap<>();
    after.forEach(
        (name, count) -> {
          long grown = count - before.getOrDefault(name, 0L);
          if (name.startsWith(OURS) && grown > (name.contains(LAMBDA) ? FIRST_USES : 0)) {
            more.put(name, grown);
          }
        });
    return more;
  }

  /** The classes whose objects take more bytes than before. */
  private static String grownMost(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> more = new TreeMap<>();
    after.forEach((name, bytes) -> more.put(name, bytes - before.getOrDefault(name, 0L)));
    return more.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(20)
        .map(entry -> entry.getKey() + " by " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
