package dev.fairlead.acme.dns;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API of a DNS provider: answers of 256 KiB at most, within a limit of time, no
 * redirects, as credentials would go with them. Thread-safe.
 */
final class HttpApi {

  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final int LONGEST_ANSWER_BYTES = 256 * 1024;

  /** What an API answered. */
  record Answer(int status, String body) {

    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  private final String base;
  private final List<String> secrets;
  private final Duration limit;
  private @Nullable HttpClient client;

  /**
   * Makes what calls; nothing is sent yet.
   *
   * @param base that paths are added to
   * @param secrets that no sentence may have in it
   * @param limit of one call
   */
  HttpApi(URI base, List<String> secrets, Duration limit) {
    this.base = base.toString().replaceAll("/+$", "");
    this.secrets = List.copyOf(secrets);
    this.limit = limit;
  }

  /** A request to a path that begins with a slash, and may have a query. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "application/json");
  }

  Answer send(HttpRequest.Builder request) throws DnsException, InterruptedException {
    CompletableFuture<HttpResponse<String>> call =
        client()
            .sendAsync(
                request.timeout(limit).build(),
                BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER_BYTES));
    try {
      HttpResponse<String> response = call.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      throw new DnsException("%s did not answer within %d s".formatted(base, limit.toSeconds()), e);
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      if (cause instanceof IOException) {
        throw new DnsException(
            "%s cannot be asked: %s%s".formatted(base, shown(Said.line(cause)), hint(cause)),
            cause);
      }
      throw new IllegalStateException("a call of " + base, cause);
    } finally {
      call.cancel(true);
    }
  }

  private static String hint(Throwable cause) {
    return cause instanceof ConnectException || cause instanceof HttpTimeoutException
        ? " (expected: a way from this machine to it: DNS, routes, firewalls; or another"
            + " acme.dns.api)"
        : "";
  }

  /** What others said, without the secrets, should they have said one. */
  String shown(String text) {
    String shown = text;
    for (String secret : secrets) {
      shown = shown.replace(secret, "***");
    }
    return Said.line(shown);
  }

  private synchronized HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(limit)
              .build();
      client = known;
    }
    return known;
  }
}
