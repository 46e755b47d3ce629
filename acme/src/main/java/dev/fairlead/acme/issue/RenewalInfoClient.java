package dev.fairlead.acme.issue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.acme.store.RenewalAdvice.Window;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.toolbox.AcmeUtils;

/**
 * Asks a CA when a certificate shall be replaced (RFC 9773): a plain GET, without an account. Not
 * by acme4j's {@code RenewalInfo}, which reads answers of any length for any time. Thread-safe.
 */
final class RenewalInfoClient {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LONGEST_ANSWER_BYTES = 64 * 1024;
  private static final int LONGEST_ADDRESS = 300;

  /** The directory is the same for all names. */
  private static final Duration DIRECTORY_LIFE = Duration.ofHours(1);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final AcmeClient client;
  private final InstantSource clock;
  private Optional<URL> service = Optional.empty();
  private @Nullable Instant known;

  RenewalInfoClient(AcmeClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Asks about one certificate.
   *
   * @return empty when the CA has no opinion, or cannot have one about this certificate
   * @throws IssueException when it did not answer, or nothing that can be understood
   */
  Optional<RenewalInfo> ask(X509Certificate certificate)
      throws AcmeException, IssueException, InterruptedException {
    Optional<URL> base = service();
    Optional<String> id = id(certificate);
    return base.isEmpty() || id.isEmpty()
        ? Optional.empty()
        : Optional.of(
            read(get(base.get().toExternalForm().replaceAll("/+$", "") + "/" + id.get())));
  }

  /** What names a certificate here (RFC 9773 §4.1); empty for one that does not say who signed. */
  static Optional<String> id(X509Certificate certificate) {
    try {
      return Optional.of(AcmeUtils.getRenewalUniqueIdentifier(certificate));
    } catch (AcmeProtocolException e) {
      return Optional.empty();
    }
  }

  private synchronized Optional<URL> service() throws AcmeException, IssueException {
    Instant now = clock.instant();
    if (known == null || now.isAfter(known.plus(DIRECTORY_LIFE))) {
      Session session = client.open();
      service = session.resourceUrlOptional(Resource.RENEWAL_INFO);
      known = now;
    }
    return service;
  }

  private HttpResponse<String> get(String address) throws IssueException, InterruptedException {
    HttpClient http = client.client();
    CompletableFuture<HttpResponse<String>> call =
        http.sendAsync(
            HttpRequest.newBuilder(URI.create(address))
                .header("Accept", "application/json")
                .timeout(LIMIT)
                .build(),
            BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER_BYTES));
    try {
      HttpResponse<String> response = call.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw refused(response);
      }
      return response;
    } catch (TimeoutException e) {
      throw new IssueException("the CA's renewal information: no answer within 20 s");
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new IssueException(
          "the CA's renewal information: " + cause.getClass().getSimpleName(), cause);
    } finally {
      call.cancel(true);
    }
  }

  private RenewalInfo read(HttpResponse<String> response) throws IssueException {
    try {
      JsonNode json = MAPPER.readTree(response.body());
      JsonNode window = json.path("suggestedWindow");
      return new RenewalInfo(
          new Window(
              Instant.parse(window.path("start").asText()),
              Instant.parse(window.path("end").asText())),
          address(json.path("explanationURL").asText()),
          RetryAfter.of(response.headers(), clock.instant()));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw failed("it has no window");
    }
  }

  private IssueException refused(HttpResponse<String> response) {
    IssueException failure = failed("status " + response.statusCode());
    return RetryAfter.of(response.headers(), clock.instant())
        .map(
            until -> IssueException.postponed(String.valueOf(failure.getMessage()), until, failure))
        .orElse(failure);
  }

  private static IssueException failed(String reason) {
    return new IssueException("the CA's renewal information: " + reason);
  }

  /** An address of the web that may stand in a line for people. */
  private static Optional<String> address(String text) {
    return Optional.of(text)
        .filter(url -> url.length() <= LONGEST_ADDRESS && url.matches("https?://[!-~]+"));
  }
}
