package dev.fairlead.acme.issue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSON;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/**
 * acme4j's connection, which keeps the status of an error and when it may be tried again. A date
 * that cannot be read is no reason to lose the answer it came with.
 */
final class CaConnection extends DefaultConnection {

  private final InstantSource clock;

  CaConnection(HttpConnector connector, InstantSource clock) {
    super(connector);
    this.clock = clock;
  }

  @Override
  public int sendRequest(URL url, Session session, @Nullable ZonedDateTime ifModifiedSince)
      throws AcmeException {
    try {
      return super.sendRequest(url, session, ifModifiedSince);
    } catch (AcmeException e) {
      throw withStatus(e);
    }
  }

  @Override
  protected int sendSignedRequest(
      URL url,
      @Nullable JSONBuilder claims,
      Session session,
      KeyPair keypair,
      @Nullable URL accountLocation,
      String accept)
      throws AcmeException {
    try {
      return super.sendSignedRequest(url, claims, session, keypair, accountLocation, accept);
    } catch (AcmeException e) {
      throw withStatus(e);
    }
  }

  @Override
  protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body)
      throws IOException {
    super.sendRequest(session, url, body);
    HttpResponse<InputStream> answer = lastResponse;
    if (answer != null) {
      lastResponse = BoundedAnswer.of(answer);
    }
  }

  /** An answer that breaks off comes as an exception that nobody expects. */
  @Override
  public JSON readJsonResponse() throws AcmeException {
    try {
      return super.readJsonResponse();
    } catch (UncheckedIOException e) {
      throw new AcmeNetworkException(Objects.requireNonNullElseGet(e.getCause(), IOException::new));
    }
  }

  @Override
  public Optional<Instant> getRetryAfter() {
    HttpResponse<?> answer = lastResponse;
    return answer == null ? Optional.empty() : RetryAfter.of(answer.headers(), clock.instant());
  }

  private AcmeException withStatus(AcmeException e) {
    HttpResponse<?> answer = lastResponse;
    if (answer == null || e instanceof AcmeNetworkException) {
      return e;
    }
    int status = answer.statusCode();
    boolean understood =
        e instanceof AcmeRateLimitedException
            || (e instanceof AcmeServerException && (status < 500 || getRetryAfter().isEmpty()));
    return understood || status < 400 ? e : new CaStatusException(status, getRetryAfter(), e);
  }
}
