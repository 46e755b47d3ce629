package dev.fairlead.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeBoardTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");

  @TempDir Path directory;
  private final AtomicInteger looks = new AtomicInteger();
  private Storage storage;
  private ChallengeBoard board;
  private ChallengeBoard other;

  @BeforeEach
  void open() {
    StorageAccess counting = path -> looks.incrementAndGet();
    storage = new Storage(new StorageSettings(directory, Duration.ofMinutes(1)), counting);
    board = new ChallengeBoard(new ChallengeStorage(storage));
    other = new ChallengeBoard(new ChallengeStorage(storage));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void whatIsKnownHereIsAnsweredAtOnce() throws Exception {
    Posted posted = board.post("token", "token.thumb");
    assertThat(board.keyAuthorization("token").toCompletableFuture())
        .isCompletedWithValue(Optional.of("token.thumb"));
    posted.remove();
    assertThat(get(board.keyAuthorization("token"))).isEmpty();
  }

  @Test
  void anotherInstanceFindsItOnTheShare() throws Exception {
    Posted posted = board.post("token", "token.thumb");
    assertThat(get(other.keyAuthorization("token"))).contains("token.thumb");
    posted.remove();
    assertThat(get(other.keyAuthorization("token"))).isEmpty();
  }

  @Test
  void validationCertificatesAreFoundTheSameWay() throws Exception {
    KeyAndChain pair = ValidationCertificate.of(HOST, new byte[32], Instant.now());
    Posted posted = board.post(HOST, pair);
    assertThat(board.validationCertificate("SHOP.example.org").toCompletableFuture())
        .isCompletedWithValue(Optional.of(pair));
    assertThat(get(other.validationCertificate("shop.example.org"))).contains(pair);
    posted.remove();
    assertThat(get(other.validationCertificate("shop.example.org"))).isEmpty();
  }

  @Test
  void whatIsLeftIsFoundOnTheShareUntilWhoGoesOnDiscardsIt() throws Exception {
    board.post("token", "token.thumb").leave();
    assertThat(get(board.keyAuthorization("token"))).contains("token.thumb");
    other.discard("token");
    assertThat(get(board.keyAuthorization("token"))).isEmpty();

    KeyAndChain pair = ValidationCertificate.of(HOST, new byte[32], Instant.now());
    board.post(HOST, pair).leave();
    assertThat(get(other.validationCertificate("shop.example.org"))).contains(pair);
    other.discard(HOST);
    assertThat(get(board.validationCertificate("shop.example.org"))).isEmpty();
  }

  @Test
  void whatCannotBeATokenIsNotDiscarded() throws Exception {
    Path version = directory.resolve("version");
    board.post("token", "token.thumb");
    board.discard("../../version");
    assertThat(version).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../version", "a/b", "a.b", "token%2f", "x\u0000"})
  void whatCannotBeATokenTouchesNoFile(String token) {
    assertThat(board.keyAuthorization(token).toCompletableFuture())
        .isCompletedWithValue(Optional.empty());
    assertThat(board.keyAuthorization("a".repeat(129)).toCompletableFuture())
        .isCompletedWithValue(Optional.empty());
    assertThat(looks).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../version", "a/b", "*.example.org", "_x.example.org"})
  void whatCannotBeAHostTouchesNoFile(String host) {
    assertThat(board.validationCertificate(host).toCompletableFuture())
        .isCompletedWithValue(Optional.empty());
    assertThat(looks).hasValue(0);
  }

  @Test
  void whatADeadInstanceLeftIsRemoved() throws Exception {
    board.post("dead", "dead.thumb");
    Path left = directory.resolve("challenges/http-01/dead");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    board.post("token", "token.thumb");
    assertThat(left).doesNotExist();
  }

  @Test
  void whatAnotherInstanceIsWritingStaysWhateverItsTime() throws Exception {
    board.post("first", "first.thumb");
    Path begun = Files.createFile(directory.resolve("challenges/http-01/.tmp-0123abcd"));
    // as NFS has it for a moment
    Files.setLastModifiedTime(begun, FileTime.from(Instant.EPOCH));
    board.post("token", "token.thumb");
    assertThat(begun).exists();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.get(60, TimeUnit.SECONDS);
  }
}
