package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.acme.LogCapture;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NameStateStorageTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");
  private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
  private static final URI DIRECTORY = URI.create("https://acme-v02.api.letsencrypt.org/directory");
  private static final URI ORDER =
      URI.create("https://acme-v02.api.letsencrypt.org/acme/order/1/2");

  @TempDir Path directory;
  private Storage storage;
  private NameStateStorage states;

  @BeforeEach
  void open() {
    storage =
        new Storage(new StorageSettings(directory, Duration.ofMinutes(1)), StorageAccess.DIRECT);
    states = new NameStateStorage(storage, DIRECTORY);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  static Stream<Step> steps() {
    return Stream.of(
        new Step.Wanted(),
        new Step.Checked(),
        new Step.Ordered(ORDER),
        new Step.Validating(ORDER),
        new Step.Issued(),
        new Step.Renewing());
  }

  @ParameterizedTest
  @MethodSource("steps")
  void everyStepIsReadAsItWasWritten(Step step) throws Exception {
    NameState state = new NameState(step, 3, NOW.plusSeconds(900), "the CA says: \"no\"");
    states.save(HOST, state);
    assertThat(states.load(HOST)).isEqualTo(state);
    assertThat(states.loadFresh(HOST)).isEqualTo(state);
  }

  @Test
  void theFileIsForPeopleToo() throws Exception {
    states.save(HOST, new NameState(new Step.Ordered(ORDER), 1, NOW, "no"));
    assertThat(folder().resolve("state.json"))
        .hasContent(
            """
            {
              "step" : "ordered",
              "order" : "%s",
              "failures" : 1,
              "nextAttempt" : "2026-11-23T10:15:00Z",
              "lastError" : "no"
            }
            """
                .formatted(ORDER));
    assertThat(mode(folder().resolve("state.json"))).isEqualTo("rw-------");
  }

  @Test
  void whatIsTogetherIsKeptAndAnotherSetIsAnotherOrder() throws Exception {
    HostPattern www = HostPattern.parse("www.example.com").orElseThrow();
    HostPattern wildcard = HostPattern.parse("*.example.org").orElseThrow();
    List<HostPattern> names = List.of(HOST, www, wildcard);
    Journal journal = Journal.open(states, HOST, names);
    journal.write(new NameState(new Step.Ordered(ORDER), 2, NOW, "no"));
    assertThat(folder().resolve("state.json"))
        .content()
        .contains(
            "\"together\" : [ \"%s\", \"www.example.com\", \"*.example.org\" ]".formatted(HOST));

    NameState kept = states.load(HOST);
    assertThat(kept.about(List.of(wildcard, www, HOST))).isEqualTo(kept);
    assertThat(Journal.open(states, HOST, names).step()).isEqualTo(new Step.Ordered(ORDER));
    assertThat(Journal.open(states, HOST).state()).isEqualTo(NameState.NEW);
    assertThat(Journal.open(states, HOST, List.of(HOST, www)).step()).isEqualTo(new Step.Wanted());
  }

  @Test
  void aStateWithoutNamesIsThatOfTheNameAlone() throws Exception {
    states.save(HOST, new NameState(new Step.Ordered(ORDER), 1, NOW, "no"));
    HostPattern www = HostPattern.parse("www.example.com").orElseThrow();
    assertThat(Journal.open(states, HOST).step()).isEqualTo(new Step.Ordered(ORDER));
    assertThat(Journal.open(states, HOST, List.of(HOST, www)).step()).isEqualTo(new Step.Wanted());
  }

  @Test
  void whatDnsSaidIsKeptWithTheStateAndForgottenWithTheCertificate() throws Exception {
    NameState state =
        new NameState(
            new Step.Wanted(), 1, NOW, "no address", new SeenInDns(List.of("a1", "silent"), true));
    states.save(HOST, state);
    assertThat(states.load(HOST)).isEqualTo(state);
    assertThat(folder().resolve("state.json"))
        .content()
        .contains("\"dns\" : [ \"a1\", \"silent\" ]");

    Journal journal = Journal.open(states, HOST);
    journal.seen("b2");
    journal.step(new Step.Checked());
    assertThat(states.load(HOST).dns().answers()).containsExactly("a1", "silent", "b2");

    states.save(HOST, NameState.issued());
    assertThat(states.load(HOST).dns()).isEqualTo(SeenInDns.NOTHING);
  }

  @Test
  void aNameWhoseAnswersChangeAllTheTimeIsNotWatched() {
    SeenInDns seen = SeenInDns.NOTHING;
    for (int answer = 0; answer < 7; answer++) {
      seen = seen.and("answer-" + answer).and("answer-" + answer).counting(true);
      assertThat(seen.isWatched()).isTrue();
    }
    assertThat(seen.isNew("answer-3")).isFalse();
    assertThat(seen.and("another").isWatched()).isFalse();
    assertThat(seen.and("another").and("more").answers()).hasSize(8);
    assertThat(SeenInDns.NOTHING.counting(true).isWatched()).isFalse();
  }

  @Test
  void whatWasWrittenBeforeThereWereStepsIsReadAndReplaced() throws Exception {
    Files.createDirectories(folder());
    Path former = folder().resolve("attempts.json");
    Files.writeString(
        former,
        """
        {"failures": 2, "nextAttempt": "2026-11-23T10:15:00Z", "lastError": "no DNS"}
        """);
    assertThat(states.load(HOST)).isEqualTo(new NameState(new Step.Wanted(), 2, NOW, "no DNS"));

    states.save(HOST, NameState.issued());
    assertThat(former).doesNotExist();
    assertThat(states.load(HOST)).isEqualTo(NameState.issued());
  }

  @Test
  void whatWasEditedBeyondReadingIsNothingAndSaidSo() throws Exception {
    states.save(HOST, new NameState(new Step.Checked(), 1, NOW, "x"));
    for (String text : new String[] {"{\"step\": \"chec", "{}", "[]", "{\"step\": \"ordered\"}"}) {
      Files.writeString(folder().resolve("state.json"), text);
      try (LogCapture log = LogCapture.of(NameStateStorage.class)) {
        assertThat(states.load(HOST)).as(text).isEqualTo(NameState.NEW);
        assertThat(log.warnings())
            .singleElement()
            .asString()
            .contains("state.json: not understood");
      }
    }
  }

  @Test
  void theKeyOfAnOrderIsPrivateAndFoundAgain() throws Exception {
    assertThat(states.key(HOST)).isEmpty();
    KeyPair key = Keys.newP256();
    states.saveKey(HOST, key);
    assertThat(mode(folder().resolve("order.key.pem"))).isEqualTo("rw-------");
    assertThat(states.key(HOST).orElseThrow().getPublic()).isEqualTo(key.getPublic());
    assertThat(states.key(HOST).orElseThrow().getPrivate()).isEqualTo(key.getPrivate());

    states.removeKey(HOST);
    assertThat(states.key(HOST)).isEmpty();
  }

  @Test
  void halfAKeyIsNone() throws Exception {
    states.saveKey(HOST, Keys.newP256());
    Path file = folder().resolve("order.key.pem");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() / 2));
    try (LogCapture log = LogCapture.of(NameStateStorage.class)) {
      assertThat(states.key(HOST)).isEmpty();
      assertThat(log.warnings().toString()).doesNotContain(text.substring(40, 60));
    }
  }

  @Test
  void whoHasGivenTheLockBackWritesNothingMore() throws Exception {
    Journal journal = Journal.open(states, HOST);
    journal.step(new Step.Checked());
    journal.end();
    assertThatThrownBy(() -> journal.step(new Step.Ordered(ORDER)))
        .isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> journal.saveKey(Keys.newP256()))
        .isInstanceOf(InterruptedException.class);
    assertThat(states.load(HOST).step()).isEqualTo(new Step.Checked());
    assertThat(states.key(HOST)).isEmpty();
  }

  private Path folder() {
    return directory.resolve(
        "certificates/shop.example.org/acme-v02.api.letsencrypt.org_directory");
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
