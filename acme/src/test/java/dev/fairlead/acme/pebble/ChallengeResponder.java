package dev.fairlead.acme.pebble;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.pem.KeyAndChain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Ports 80 and 443 of a proxy as a CA sees them, in the least code. */
public final class ChallengeResponder implements AutoCloseable {

  private static final String PREFIX = "/.well-known/acme-challenge/";

  private final HttpServer http;
  private final SSLServerSocket tls;
  private volatile Function<String, CompletionStage<Answer<String>>> tokens =
      ChallengeResponder::noToken;
  private volatile Function<String, CompletionStage<Optional<KeyAndChain>>> certificates =
      ChallengeResponder::nothing;

  /** Listens at 127.0.0.1; knows no answers yet. */
  public ChallengeResponder() throws IOException, GeneralSecurityException {
    this(InetAddress.getLoopbackAddress());
  }

  /** Listens at an address; knows no answers yet. */
  public ChallengeResponder(InetAddress address) throws IOException, GeneralSecurityException {
    http = HttpServer.create(new InetSocketAddress(address, 0), 0);
    http.createContext(PREFIX, this::answer);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new BySni()}, null, null);
    tls = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, address);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"acme-tls/1"});
    tls.setSSLParameters(parameters);
    Thread.ofVirtual().start(this::acceptTls);
  }

  /** Answers from now on with what these know. */
  public void answerFrom(
      Function<String, CompletionStage<Answer<String>>> tokens,
      Function<String, CompletionStage<Optional<KeyAndChain>>> certificates) {
    this.tokens = tokens;
    this.certificates = certificates;
  }

  /** Knows no answers. */
  public void forget() {
    answerFrom(ChallengeResponder::noToken, ChallengeResponder::nothing);
  }

  private static CompletionStage<Answer<String>> noToken(String token) {
    return CompletableFuture.completedFuture(new Answer.None<>());
  }

  private static <T> CompletionStage<Optional<T>> nothing(String name) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Of plain HTTP, at 127.0.0.1. */
  public int httpPort() {
    return http.getAddress().getPort();
  }

  int tlsPort() {
    return tls.getLocalPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String token = exchange.getRequestURI().getPath().substring(PREFIX.length());
      Optional<String> body = tokens.apply(token).toCompletableFuture().join().found();
      byte[] bytes = body.orElse("not found").getBytes(UTF_8);
      exchange.sendResponseHeaders(body.isPresent() ? 200 : 404, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void acceptTls() {
    while (!tls.isClosed()) {
      try (SSLSocket socket = (SSLSocket) tls.accept()) {
        socket.setSoTimeout(20_000);
        socket.startHandshake();
      } catch (IOException e) {
        // the CA sees it too, and says so
      }
    }
  }

  @Override
  public void close() throws IOException {
    http.stop(0);
    tls.close();
  }

  private final class BySni extends X509ExtendedKeyManager {

    private Optional<KeyAndChain> find(@Nullable String alias) {
      return Optional.ofNullable(alias)
          .flatMap(host -> certificates.apply(host).toCompletableFuture().join());
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, Socket socket) {
      ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getHandshakeSession();
      return session.getRequestedServerNames().stream()
          .filter(SNIHostName.class::isInstance)
          .map(name -> ((SNIHostName) name).getAsciiName())
          .filter(host -> find(host).isPresent() && keyType.equals("EC"))
          .findFirst()
          .orElse(null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return find(alias).map(pair -> pair.chain().toArray(new X509Certificate[0])).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return find(alias).map(KeyAndChain::privateKey).orElse(null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }
  }
}
