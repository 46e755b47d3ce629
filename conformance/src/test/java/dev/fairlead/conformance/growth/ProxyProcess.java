package dev.fairlead.conformance.growth;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.proxy.forward.HttpChallenges;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A data plane that has a JVM to itself. It answers what it is asked by lines on its standard
 * input; each answer ends with {@value #END}.
 */
final class ProxyProcess {

  static final String END = ".";

  /**
   * Short, as some visits wait for them; long enough for a machine that is busy. The fourth, of
   * idleness, is longer than the five seconds after which a client that ended its side has left.
   */
  private static final TimeoutSettings TIMEOUTS =
      new TimeoutSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5));

  private static final int MILLIS_BETWEEN_PUBLICATIONS = 200;
  private static final int PUBLICATIONS_BETWEEN_CERTIFICATES = 10;

  private final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor();
  private final Ended log;
  private final Routes routes;
  private final ProxyFixture proxy;
  private @Nullable ScheduledFuture<?> publishing;
  private int publications;

  private ProxyProcess(Routes routes, int ids) {
    this.routes = routes;
    this.log = new Ended(ids);
    this.proxy =
        ProxyFixture.builder()
            .timeouts(TIMEOUTS)
            .accessLog(log)
            .httpChallenges(challenges())
            .start(spec -> {});
  }

  /**
   * Runs it until its standard input ends.
   *
   * @param arguments the four ports of {@link Routes}, and how many requests will have an id
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    // What is logged is not to be taken for an answer.
    System.setOut(System.err);
    int[] numbers = Stream.of(arguments).mapToInt(Integer::parseInt).toArray();
    // What is not caught ends the process, and not this thread alone.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace(System.err);
          Runtime.getRuntime().halt(1);
        });
    ProxyProcess process =
        new ProxyProcess(new Routes(numbers[0], numbers[1], numbers[2], numbers[3]), numbers[4]);
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String question = questions.readLine();
        question != null;
        question = questions.readLine()) {
      process.answer(question).forEach(answers::println);
      answers.println(END);
    }
    process.proxy.close();
    process.control.shutdown();
  }

  // Answers on a thread that is none of the loops', as the share's files do.
  private HttpChallenges challenges() {
    return (host, token) ->
        CompletableFuture.supplyAsync(
            () ->
                token.startsWith("known")
                    ? new HttpChallenges.Known(token + ".key")
                    : new HttpChallenges.None(),
            control);
  }

  private List<String> answer(String question) throws Exception {
    return switch (question) {
      case "ports" ->
          List.of(Integer.toString(proxy.httpPort()), Integer.toString(proxy.httpsPort()));
      case "serve" -> serve();
      case "rest" -> rest();
      case "connections" -> List.of(Integer.toString(proxy.server().openConnections()));
      case "in flight" -> List.of(Integer.toString(proxy.server().inFlight()));
      case "heads" ->
          List.of(
              Long.toString(proxy.server().unfinishedHeadBytes() + proxy.server().underWayBytes()));
      case "publications" -> List.of(Integer.toString(publications));
      case "told" -> lines(log.counts());
      case "told twice" -> List.of(Long.toString(log.toldTwice()));
      case "figures" -> List.of(Figures.now().format());
      case "objects" -> lines(LiveObjects.count());
      case "bytes" -> lines(LiveObjects.bytes());
      default -> throw new IOException("unknown question: " + question);
    };
  }

  private static List<String> lines(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + "\t" + entry.getValue())
        .toList();
  }

  /** Routes everything, and changes it again and again. */
  private List<String> serve() throws Exception {
    control.submit(this::publish).get();
    publishing =
        control.scheduleWithFixedDelay(
            this::publish,
            MILLIS_BETWEEN_PUBLICATIONS,
            MILLIS_BETWEEN_PUBLICATIONS,
            TimeUnit.MILLISECONDS);
    return List.of();
  }

  private void publish() {
    int number = publications++;
    proxy.publish(spec -> routes.to(spec, number));
    if (number % PUBLICATIONS_BETWEEN_CERTIFICATES == 0) {
      // That of new.test is another one every time.
      proxy.certificates("*.test", "new.test");
    }
  }

  /** Routes nothing any more. */
  private List<String> rest() throws Exception {
    if (publishing != null) {
      publishing.cancel(false);
    }
    control.submit(() -> proxy.publish(spec -> {})).get();
    return List.of();
  }
}
