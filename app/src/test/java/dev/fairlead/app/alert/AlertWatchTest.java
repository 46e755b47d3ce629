package dev.fairlead.app.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances on one storage, each with a channel that remembers what it was given. */
class AlertWatchTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SHOP = "shop.example.com";

  @TempDir private Path directory = Path.of("");

  private final AtomicBoolean broken = new AtomicBoolean();
  private final List<Instance> instances = new ArrayList<>();
  private Instant now = BEGIN.plus(Duration.ofDays(61));

  @FunctionalInterface
  private interface Look {
    void look() throws InterruptedException;
  }

  private final class Instance implements Channel {

    private final Storage storage =
        new Storage(
            new StorageSettings(directory, Duration.ofMinutes(1)),
            path -> {
              if (broken.get()) {
                throw new IOException("broken");
              }
            });
    private final List<AlertMessage> told = new ArrayList<>();
    private CertificateStatus certificate = Certificates.issued(SHOP, BEGIN);
    private boolean takes = true;
    private Look meanwhile = () -> {};
    private final AlertWatch watch =
        new AlertWatch(
            () -> List.of(certificate),
            () -> List.of(),
            new SharedNote(storage, new Locks(storage, Clock.systemUTC()), "alerts"),
            new Channels(List.of(this)),
            () -> now);

    Instance() {
      instances.add(this);
    }

    @Override
    public String name() {
      return "memory";
    }

    @Override
    public String send(AlertMessage message) throws ChannelException, InterruptedException {
      meanwhile.look();
      if (!takes) {
        throw new ChannelException("full", true);
      }
      told.add(message);
      return "kept";
    }
  }

  @AfterEach
  void close() {
    instances.forEach(instance -> instance.storage.close());
  }

  /** Every ten minutes all of them look. */
  private void pass(Duration time) throws InterruptedException {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      for (Instance instance : instances) {
        instance.watch.look();
      }
      now = now.plus(Duration.ofMinutes(10));
    }
  }

  private List<AlertMessage> told() {
    return instances.stream().flatMap(instance -> instance.told.stream()).toList();
  }

  @Test
  void ofInstancesOnOneStorageOneTells() throws Exception {
    new Instance();
    new Instance();
    pass(Duration.ofHours(30));
    assertThat(told()).hasSize(2);
    instances.getFirst().certificate = Certificates.issued(SHOP, now);
    pass(Duration.ofMinutes(30));
    instances.getLast().certificate = instances.getFirst().certificate;
    pass(Duration.ofDays(3));
    assertThat(told()).hasSize(3);
    assertThat(told()).filteredOn(message -> message.solved().contains(SHOP)).hasSize(1);
  }

  @Test
  void whoLooksWhileAnotherTellsSaysNothing() throws Exception {
    Instance one = new Instance();
    Instance other = new Instance();
    one.meanwhile = other.watch::look;
    one.watch.look();
    assertThat(one.told).hasSize(1);
    other.watch.look();
    assertThat(other.told).isEmpty();
  }

  @Test
  void whenItsCertificateIsGoneTheMessageSaysSo() throws Exception {
    Instance instance = new Instance();
    now = BEGIN.plus(Duration.ofDays(80));
    pass(Duration.ofMinutes(10));
    instance.certificate = Certificates.missing(SHOP, now);
    pass(Duration.ofHours(30));
    assertThat(told()).hasSize(2);
    assertThat(told().getFirst().title()).endsWith("its certificate is about to expire");
    assertThat(told().getLast().title()).endsWith("it has no certificate of the CA");
  }

  @Test
  void aRestartRepeatsNothing() throws Exception {
    new Instance();
    pass(Duration.ofHours(1));
    new Instance();
    instances.removeFirst().storage.close();
    pass(Duration.ofHours(20));
    assertThat(told()).isEmpty();
    pass(Duration.ofHours(4));
    assertThat(told()).hasSize(1);
  }

  @Test
  void withoutTheStorageEachTellsWhatItSeesAndWritesItDownLater() throws Exception {
    broken.set(true);
    new Instance();
    new Instance();
    pass(Duration.ofHours(20));
    assertThat(told()).hasSize(2);
    broken.set(false);
    pass(Duration.ofHours(3));
    assertThat(told()).hasSize(2);
    assertThat(directory.resolve("notes/alerts")).content().contains(SHOP, "\"told\":1");
    pass(Duration.ofHours(2));
    assertThat(told()).as("again with one voice").hasSize(3);
  }

  @Test
  void whatWasToldWhileTheStorageBrokeIsNotToldAgain() throws Exception {
    new Instance();
    pass(Duration.ofMinutes(10));
    broken.set(true);
    pass(Duration.ofHours(20));
    broken.set(false);
    pass(Duration.ofHours(3));
    assertThat(told()).hasSize(1);
  }

  @Test
  void aChannelThatTakesNothingIsTriedAgain() throws Exception {
    Instance instance = new Instance();
    instance.takes = false;
    pass(Duration.ofHours(1));
    instance.takes = true;
    pass(Duration.ofHours(20));
    assertThat(told()).hasSize(1);
  }

  @Test
  void aDamagedNoteIsMadeAnew() throws Exception {
    new Instance();
    pass(Duration.ofMinutes(10));
    Files.writeString(directory.resolve("notes/alerts"), "{\"alerts\":");
    pass(Duration.ofHours(1));
    assertThat(told()).hasSize(2);
    assertThat(directory.resolve("notes/alerts")).content().contains(SHOP);
  }

  @Test
  void whereNothingIsWrongNothingIsWritten() throws Exception {
    new Instance().certificate = Certificates.issued(SHOP, now);
    pass(Duration.ofHours(1));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void theMessageIsAboutTheNameAndFromThisMachine() throws Exception {
    new Instance();
    pass(Duration.ofMinutes(10));
    AlertMessage message = told().getFirst();
    assertThat(message.open()).extracting(NameAlert::name).containsExactly(SHOP);
    assertThat(message.from()).isEqualTo(Channels.machine());
  }
}
