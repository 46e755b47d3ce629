package dev.fairlead.acme.ondemand;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks an app whether a name may have a certificate: {@code GET <address>?domain=<name>}. No
 * redirects: who decides is who was named. Of the answer only the status counts, the rest is thrown
 * away, 64 KiB of it at most. Blocks for the limit at most. Thread-safe.
 */
final class Questioner implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(2);

  private static final int LONGEST_ANSWER_BYTES = 64 * 1024;
  private static final int LONGEST_REASON = 200;
  private static final int OK = 200;
  private static final int TIMEOUT = 408;
  private static final int TOO_MANY = 429;

  /** What comes of a question. */
  enum Answer {
    YES,
    NO,
    /** Nobody said anything that can be believed: no, for now. */
    NONE
  }

  private final Consumer<String> problem;
  private @Nullable HttpClient client;

  /**
   * @param problem told why there is no answer
   */
  Questioner(Consumer<String> problem) {
    this.problem = problem;
  }

  Answer ask(URI address, String name) throws InterruptedException {
    CompletableFuture<HttpResponse<Void>> call =
        client()
            .sendAsync(
                HttpRequest.newBuilder(question(address, name)).timeout(LIMIT).build(),
                BodyHandlers.limiting(BodyHandlers.discarding(), LONGEST_ANSWER_BYTES));
    try {
      return answer(address, call.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).statusCode());
    } catch (TimeoutException e) {
      return none(address, "no answer within %d s".formatted(LIMIT.toSeconds()));
    } catch (ExecutionException e) {
      // Of any kind: a number that is none in the answer's head is one of the library's.
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      return none(
          address,
          Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName()));
    } finally {
      call.cancel(true);
    }
  }

  private Answer answer(URI address, int status) {
    if (status == OK) {
      return Answer.YES;
    }
    boolean no = status / 100 == 2 || status / 100 == 4;
    return no && status != TIMEOUT && status != TOO_MANY
        ? Answer.NO
        : none(address, String.valueOf(status));
  }

  private Answer none(URI address, String reason) {
    problem.accept(
        "tls.on-demand.ask %s: %s (expected: 200 or 404, within %d s)"
            .formatted(shown(address), line(reason), LIMIT.toSeconds()));
    return Answer.NONE;
  }

  /** An app may have written it: the library quotes what it does not understand. */
  private static String line(String text) {
    String line = text.replaceAll("[^ -~]+", " ").strip();
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
  }

  /** Without what may be a secret. */
  private static String shown(URI address) {
    return address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
  }

  static URI question(URI address, String name) {
    String base = address.toString();
    if (address.getRawQuery() != null) {
      return URI.create(base + "&domain=" + name);
    }
    return URI.create(base + (address.getRawPath().isEmpty() ? "/" : "") + "?domain=" + name);
  }

  /** HTTP/1.1: an offer to upgrade is what simple apps stumble over. */
  private synchronized HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(LIMIT)
              .build();
      client = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
