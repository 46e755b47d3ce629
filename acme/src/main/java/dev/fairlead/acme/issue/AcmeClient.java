package dev.fairlead.acme.issue;

import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.shredzone.acme4j.toolbox.JSON;

/**
 * Speaks HTTPS with the CA's own certificate checked against the JDK's roots and those of {@code
 * acme.ca-root}. Each order has a session of its own, as acme4j lets one request at a time through
 * a session. Thread-safe.
 */
final class AcmeClient implements AutoCloseable {

  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);

  private final AuthoritySettings settings;
  private final InstantSource clock;
  private @Nullable HttpClient client;

  AcmeClient(AuthoritySettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** A session with the directory read, once. */
  Session open() throws AcmeException, IssueException {
    Session session = new Session(settings.directory(), new Provider(client(), clock));
    session.networkSettings().setTimeout(REQUEST_LIMIT);
    session.networkSettings().setCompressionEnabled(false); // see BoundedAnswer
    session.setLocale(Locale.ENGLISH);
    session.getMetadata();
    session.setDirectoryExpires(
        ZonedDateTime.now(ZoneOffset.UTC).plusHours(1)); // else read before each request
    return session;
  }

  /** The one that all requests to the CA are sent with. */
  synchronized HttpClient client() throws IssueException {
    HttpClient known = client;
    if (known == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(REQUEST_LIMIT)
              .proxy(
                  Optional.ofNullable(ProxySelector.getDefault())
                      .orElse(HttpClient.Builder.NO_PROXY));
      if (settings.caFile().isPresent()) {
        builder.sslContext(trusting(settings.caFile().get()));
      }
      known = builder.build();
      client = known;
    }
    return known;
  }

  private static SSLContext trusting(Path file) throws IssueException {
    try {
      KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      int number = 0;
      for (X509Certificate root : Pem.certificates(Files.readString(file))) {
        roots.setCertificateEntry("given-" + number++, root);
      }
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager known) {
          for (X509Certificate root : known.getAcceptedIssuers()) {
            roots.setCertificateEntry("jdk-" + number++, root);
          }
        }
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(roots), null);
      return context;
    } catch (NoSuchFileException e) {
      throw new IssueException(
          "acme.ca-root: %s does not exist (expected: a PEM file)".formatted(file));
    } catch (IOException | GeneralSecurityException e) {
      throw new IssueException(
          "acme.ca-root: %s cannot be read, %s (expected: a PEM file)"
              .formatted(file, e.getMessage()));
    }
  }

  private static TrustManager[] managers(@Nullable KeyStore roots) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    return factory.getTrustManagers();
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }

  private static final class Provider extends GenericAcmeProvider {

    private final HttpClient client;
    private final InstantSource clock;

    Provider(HttpClient client, InstantSource clock) {
      this.client = client;
      this.clock = clock;
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings settings) {
      return client;
    }

    @Override
    public Challenge createChallenge(Login login, JSON data) {
      return data.get("type").asString().equals(DnsPersist01Challenge.TYPE)
          ? new DnsPersist01Challenge(login, data)
          : super.createChallenge(login, data);
    }

    @Override
    public Connection connect(URI server, NetworkSettings settings, HttpClient http) {
      return new CaConnection(createHttpConnector(settings, http), clock);
    }
  }
}
