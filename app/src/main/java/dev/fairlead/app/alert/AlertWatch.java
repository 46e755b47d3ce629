package dev.fairlead.app.alert;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AlertSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the certificates each minute, on a virtual thread of its own, and tells people what is
 * overdue. What was told stands in a note that all instances on the storage share: who changes it
 * tells, the others see that it was told. While the storage cannot be used each instance tells what
 * it sees.
 */
public final class AlertWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AlertWatch.class);

  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Supplier<List<CertificateStatus>> certificates;
  private final Supplier<List<String>> storageProblems;
  private final SharedNote note;
  private final Channels channels;
  private final InstantSource clock;

  /** As it was seen or written last. Used by the thread that looks only, as is what follows. */
  private AlertBook book = AlertBook.EMPTY;

  /** What is in the book was told, but could not be written down. */
  private boolean unwritten;

  private @Nullable Thread thread;

  AlertWatch(
      Supplier<List<CertificateStatus>> certificates,
      Supplier<List<String>> storageProblems,
      SharedNote note,
      Channels channels,
      InstantSource clock) {
    this.certificates = certificates;
    this.storageProblems = storageProblems;
    this.note = note;
    this.channels = channels;
    this.clock = clock;
  }

  /**
   * Begins to look, in a minute for the first time; does nothing when nobody is to be told.
   *
   * @param storageProblems why nothing may be ordered at all
   */
  public static AlertWatch start(
      AlertSettings settings,
      Supplier<List<CertificateStatus>> certificates,
      Supplier<List<String>> storageProblems,
      SharedNote note,
      InstantSource clock) {
    AlertWatch watch =
        new AlertWatch(certificates, storageProblems, note, Channels.of(settings), clock);
    if (!settings.isNobody()) {
      watch.thread = Thread.ofVirtual().name("alerts").start(watch::run);
    }
    return watch;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        try {
          look();
        } catch (RuntimeException e) {
          LOG.error("alerts: a look failed, the next follows", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Looks once, and tells what is to be told. */
  void look() throws InterruptedException {
    Instant now = clock.instant();
    List<CertificateStatus> names = certificates.get();
    Step step = new Step(names, now);
    try {
      if (isQuiet(names, now)) {
        return;
      }
      boolean ours =
          note.change(
              text -> {
                AlertBook written = text.map(AlertBook::parse).orElse(AlertBook.EMPTY);
                return step.from(unwritten ? written.under(book) : written).text();
              });
      unwritten &= !ours;
    } catch (StorageException e) {
      LOG.debug("alerts: the storage says itself what is wrong with it", e);
      if (!step.done) {
        step.from(book);
      }
      unwritten = true;
    }
  }

  /** Most looks: nothing is wrong here, nor was anywhere. */
  private boolean isQuiet(List<CertificateStatus> names, Instant now)
      throws StorageException, InterruptedException {
    return !unwritten
        && book.isEmpty()
        && names.stream().allMatch(name -> Trouble.of(name, now).isEmpty())
        && note.read().map(AlertBook::parse).orElse(AlertBook.EMPTY).isEmpty();
  }

  /** One look's way from a book to the next. */
  private final class Step {

    private final List<CertificateStatus> names;
    private final Instant now;
    private boolean done;

    Step(List<CertificateStatus> names, Instant now) {
      this.names = names;
      this.now = now;
    }

    AlertBook from(AlertBook before) throws InterruptedException {
      done = true;
      AlertPlan plan = AlertPlan.of(before, names, now);
      book = plan.book();
      if (plan.isToBeTold()) {
        book = channels.tell(message(plan)) ? plan.told(now) : plan.notTold(now);
      }
      return book;
    }

    private AlertMessage message(AlertPlan plan) {
      List<String> storage = storageProblems.get();
      List<NameAlert> open = new ArrayList<>();
      for (CertificateStatus name : names) {
        OpenAlert alert = plan.book().alerts().get(name.host().toString());
        if (alert != null && plan.open().contains(name.host().toString())) {
          Trouble.of(name, now)
              .ifPresent(
                  it -> open.add(NameAlert.of(it.kind(), alert.since(), name, storage, now)));
        }
      }
      return AlertMessage.of(open, plan.solved(), Channels.machine(), now);
    }
  }

  /** Ends it; what is being sent is given up. */
  @Override
  public void close() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // who closes is in a hurry
    }
  }
}
