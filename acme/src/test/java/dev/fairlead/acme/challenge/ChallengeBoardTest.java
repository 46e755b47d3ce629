package dev.fairlead.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeBoardTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");

  @TempDir Path directory;
  private final AtomicInteger looks = new AtomicInteger();
  private volatile StorageAccess trouble = StorageAccess.DIRECT;
  private Storage storage;
  private ChallengeBoard board;
  private ChallengeBoard other;

  @BeforeEach
  void open() {
    StorageAccess counting =
        path -> {
          looks.incrementAndGet();
          trouble.before(path);
        };
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
        .isCompletedWithValue(new Answer.Found<>("token.thumb"));
    posted.remove();
    assertThat(get(board.keyAuthorization("token"))).isEqualTo(new Answer.None<>());
  }

  @Test
  void anotherInstanceFindsItOnTheShare() throws Exception {
    Posted posted = board.post("token", "token.thumb");
    assertThat(get(other.keyAuthorization("token"))).isEqualTo(new Answer.Found<>("token.thumb"));
    posted.remove();
    assertThat(get(other.keyAuthorization("token"))).isEqualTo(new Answer.None<>());
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

  @ParameterizedTest
  @CsvSource({
    "203.0.113.5, 5.113.0.203.in-addr.arpa",
    "2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6.ARPA"
  })
  void thoseOfAddressesAreFoundByTheirReverseNames(String address, String serverName)
      throws Exception {
    HostPattern host = HostPattern.parse(address).orElseThrow();
    KeyAndChain pair = ValidationCertificate.of(host, new byte[32], Instant.now());
    assertThat(Names.hosts(pair.leaf())).containsExactly(host);
    Posted posted = board.post(host, pair);
    assertThat(board.validationCertificate(serverName).toCompletableFuture())
        .isCompletedWithValue(Optional.of(pair));
    assertThat(get(other.validationCertificate(serverName))).contains(pair);
    assertThat(get(other.validationCertificate(address))).isEmpty();
    posted.remove();
    assertThat(get(other.validationCertificate(serverName))).isEmpty();
  }

  @Test
  void whatIsLeftIsFoundOnTheShareUntilWhoGoesOnDiscardsIt() throws Exception {
    board.post("token", "token.thumb").leave();
    assertThat(get(board.keyAuthorization("token"))).isEqualTo(new Answer.Found<>("token.thumb"));
    other.discard("token");
    assertThat(get(board.keyAuthorization("token"))).isEqualTo(new Answer.None<>());

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
        .isCompletedWithValue(new Answer.None<>());
    assertThat(board.keyAuthorization("a".repeat(129)).toCompletableFuture())
        .isCompletedWithValue(new Answer.None<>());
    assertThat(looks).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "../../version",
        "a/b",
        "*.example.org",
        "_x.example.org",
        "203.0.113.5",
        "2001:db8::1",
        "[2001:db8::1]"
      })
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

  @Test
  void whatTheShareDoesNotTellInTimeIsUnknown() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    trouble = path -> hang(never);
    ChallengeBoard hasty = new ChallengeBoard(new ChallengeStorage(storage), Duration.ofMillis(50));
    assertThat(get(hasty.keyAuthorization("token")))
        .isEqualTo(new Answer.Unknown<>("the storage did not answer in time"));
    assertThat(get(hasty.validationCertificate("shop.example.org"))).isEmpty();
    never.countDown();
  }

  @Test
  void whatTheShareFailsToTellIsUnknownAndOnTheBoardItIsKnownAllTheSame() throws Exception {
    board.post("token", "token.thumb");
    trouble =
        path -> {
          throw new IOException("input/output error");
        };
    assertThat(get(other.keyAuthorization("token")))
        .isInstanceOf(Answer.Unknown.class)
        .asString()
        .contains("storage " + directory + ": ", "input/output error");
    assertThat(get(other.validationCertificate("shop.example.org"))).isEmpty();
    assertThat(get(board.keyAuthorization("token"))).isEqualTo(new Answer.Found<>("token.thumb"));

    trouble = StorageAccess.DIRECT;
    assertThat(get(other.keyAuthorization("token"))).isEqualTo(new Answer.Found<>("token.thumb"));
    assertThat(get(other.keyAuthorization("apps"))).isEqualTo(new Answer.None<>());
  }

  @Test
  void aMountPointWithoutItsShareTellsNothing() throws Exception {
    board.post("token", "token.thumb");
    assertThat(get(other.keyAuthorization("apps"))).isEqualTo(new Answer.None<>());
    Path share = Files.move(directory, directory.resolveSibling(directory.getFileName() + "-gone"));
    try {
      Files.createDirectory(directory);
      assertThat(get(other.keyAuthorization("token"))).isInstanceOf(Answer.Unknown.class);
      Files.delete(directory);
    } finally {
      Files.move(share, directory);
    }
    assertThat(get(other.keyAuthorization("token"))).isEqualTo(new Answer.Found<>("token.thumb"));
  }

  /** A slow share may be busy with the names for long, and the CA waits for seconds. */
  @Test
  void whatNamesDoOnTheShareKeepsNoCaWaiting() throws Exception {
    Posted _ = board.post("token", "token.thumb");
    CountDownLatch back = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(4);
    trouble =
        path -> {
          if (path.endsWith("busy")) {
            busy.countDown();
            hang(back);
          }
        };
    try (ExecutorService names = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        var _ = names.submit(() -> board.post("busy", "busy.thumb"));
      }
      try {
        busy.await();
        assertThat(get(other.keyAuthorization("token")))
            .isEqualTo(new Answer.Found<>("token.thumb"));
      } finally {
        back.countDown();
      }
    }
  }

  @Test
  void moreQuestionsAtOnceThanAreLookedUpAreNotTakenForUnknownTokens() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    trouble = path -> hang(back);
    ChallengeBoard patient =
        new ChallengeBoard(new ChallengeStorage(storage), Duration.ofMinutes(1));
    List<CompletionStage<Answer<String>>> asked =
        IntStream.range(0, 33).mapToObj(i -> patient.keyAuthorization("token" + i)).toList();
    assertThat(asked.getLast().toCompletableFuture())
        .isCompletedWithValue(new Answer.Unknown<>("32 others are being looked up"));
    back.countDown();
    assertThat(get(asked.getFirst())).isEqualTo(new Answer.None<>());
  }

  private static void hang(CountDownLatch back) {
    try {
      back.await();
    } catch (InterruptedException e) {
      throw new AssertionError("storage threads are never interrupted", e);
    }
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.get(60, TimeUnit.SECONDS);
  }
}
