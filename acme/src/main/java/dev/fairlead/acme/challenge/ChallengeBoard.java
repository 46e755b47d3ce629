package dev.fairlead.acme.challenge;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the CA is to be answered right now. Lookups come from event loops: what this instance put up
 * is answered at once, in the caller's thread; what another instance may have put up is looked for
 * on the share, on another thread, for five seconds at most. The share's state never makes a lookup
 * fail: its answer is then {@link Answer.Unknown}, and the log says why. Thread-safe.
 */
public final class ChallengeBoard {

  /**
   * CAs wait for ten seconds. What came too late costs the order, and a minute until the next one:
   * a share or a machine that is busy has to be waited for.
   */
  private static final Duration SHARE_LIMIT = Duration.ofSeconds(5);

  /** Tokens are guessed by scanners too: more questions at once than this are not looked up. */
  private static final int MOST_LOOKUPS = 32;

  private final ChallengeStorage storage;
  private final Map<String, String> keyAuthorizations = new ConcurrentHashMap<>();
  private final Map<HostPattern, KeyAndChain> certificates = new ConcurrentHashMap<>();
  private final Semaphore lookups = new Semaphore(MOST_LOOKUPS);
  private final LookupTrouble trouble = new LookupTrouble(System::nanoTime);
  private final Duration limit;

  public ChallengeBoard(ChallengeStorage storage) {
    this(storage, SHARE_LIMIT);
  }

  /**
   * @param limit how long the share is waited for
   */
  ChallengeBoard(ChallengeStorage storage, Duration limit) {
    this.storage = storage;
    this.limit = limit;
  }

  /**
   * The body that answers {@code /.well-known/acme-challenge/<token>}.
   *
   * @param token as the visitor spelled it
   * @return completed already when it is known here or cannot be a token
   */
  public CompletionStage<Answer<String>> keyAuthorization(String token) {
    String known = keyAuthorizations.get(token);
    if (known != null || !ChallengeStorage.isToken(token)) {
      return CompletableFuture.completedFuture(
          known == null ? new Answer.None<>() : new Answer.Found<>(known));
    }
    return ask(() -> storage.keyAuthorization(token));
  }

  /**
   * The certificate for a handshake that offers {@code acme-tls/1} and nothing else. Without one
   * the handshake fails, whatever the reason: no app could answer it.
   *
   * @param serverName as the visitor spelled it
   * @return completed already when it is known here or cannot be a host
   */
  public CompletionStage<Optional<KeyAndChain>> validationCertificate(String serverName) {
    Optional<HostPattern> host =
        ReverseName.address(serverName.toLowerCase(Locale.ROOT)).or(() -> host(serverName));
    Optional<KeyAndChain> known = host.map(certificates::get);
    if (known.isPresent() || host.isEmpty()) {
      return CompletableFuture.completedFuture(known);
    }
    return ask(() -> storage.validationCertificate(host.get())).thenApply(Answer::found);
  }

  private static Optional<HostPattern> host(String name) {
    return HostPattern.parse(name)
        .filter(host -> !host.wildcard() && !host.isAddress() && !host.suffix().startsWith("_"));
  }

  /** Puts up the answer to http-01, here and for the other instances. */
  public Posted post(String token, String keyAuthorization)
      throws StorageException, InterruptedException {
    storage.saveKeyAuthorization(token, keyAuthorization);
    keyAuthorizations.put(token, keyAuthorization);
    return new OnBoard(
        () -> keyAuthorizations.remove(token), () -> storage.removeKeyAuthorization(token));
  }

  /** Puts up the answer to tls-alpn-01, here and for the other instances. */
  public Posted post(HostPattern host, KeyAndChain certificate)
      throws StorageException, InterruptedException {
    storage.saveValidationCertificate(host, certificate);
    certificates.put(host, certificate);
    return new OnBoard(
        () -> certificates.remove(host), () -> storage.removeValidationCertificate(host));
  }

  /** Takes down an answer to http-01 that another process has left. */
  public void discard(String token) throws StorageException, InterruptedException {
    if (ChallengeStorage.isToken(token)) {
      storage.removeKeyAuthorization(token);
    }
  }

  /** Takes down an answer to tls-alpn-01 that another process has left. */
  public void discard(HostPattern host) throws StorageException, InterruptedException {
    storage.removeValidationCertificate(host);
  }

  private <T> CompletionStage<Answer<T>> ask(Lookup<T> lookup) {
    CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
    var _ = answer.thenAccept(this::tell);
    if (!lookups.tryAcquire()) {
      answer.complete(new Answer.Unknown<>(MOST_LOOKUPS + " others are being looked up"));
      return answer;
    }
    Thread.ofVirtual().name("challenge-lookup").start(() -> look(lookup, answer));
    return answer.completeOnTimeout(
        new Answer.Unknown<>("the storage did not answer in time"),
        limit.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private <T> void tell(Answer<T> answer) {
    if (answer instanceof Answer.Unknown<T>(String why)) {
      trouble.tell(why);
    }
  }

  private <T> void look(Lookup<T> lookup, CompletableFuture<Answer<T>> answer) {
    try {
      Optional<T> found = lookup.find();
      answer.complete(found.<Answer<T>>map(Answer.Found::new).orElseGet(Answer.None::new));
    } catch (StorageException | InterruptedException | RuntimeException e) {
      answer.complete(new Answer.Unknown<>(String.valueOf(e.getMessage())));
    } finally {
      lookups.release();
    }
  }

  @FunctionalInterface
  private interface Lookup<T> {
    Optional<T> find() throws StorageException, InterruptedException;
  }

  @FunctionalInterface
  private interface Removal {
    void remove() throws StorageException, InterruptedException;
  }

  /**
   * @param here forgets it in this process; what stays on the share is still found there
   */
  private record OnBoard(Runnable here, Removal onShare) implements Posted {

    @Override
    public void remove() throws StorageException, InterruptedException {
      here.run();
      onShare.remove();
    }

    @Override
    public void leave() {
      here.run();
    }
  }
}
