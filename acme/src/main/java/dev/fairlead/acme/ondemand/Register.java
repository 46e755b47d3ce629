package dev.fairlead.acme.ondemand;

import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.OnDemandSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names that are wanted on demand, in a note on the share that all instances have in common.
 * {@link #find} and {@link #hasRoom} are for event loops; all else blocks as the storage does.
 * Thread-safe.
 */
final class Register {

  private static final Duration BUSY_PAUSE = Duration.ofMillis(50);
  private static final Duration BUSY_LIMIT = Duration.ofSeconds(5);

  /** How often it is written down that clients come. */
  private static final Duration WRITTEN = Duration.ofDays(1);

  /** After so long all instances have written down who came since they began. */
  private static final Duration WATCHED = WRITTEN.multipliedBy(2);

  private final SharedNote note;
  private final OnDemandSettings limits;
  private final Runnable onChange;
  private final Map<String, KnownName> known = new ConcurrentHashMap<>();

  /** One thread at a time reads or changes the note: what was read first may be the older one. */
  private final ReentrantLock onlyOne = new ReentrantLock();

  private volatile NameBook book = NameBook.EMPTY;
  private volatile Instant roomFrom = Instant.MIN;
  private Instant written = Instant.MIN;
  private Instant kept = Instant.MIN;

  /** Since when it was looked again and again: before that nobody may have been here to come to. */
  private Instant watched = Instant.MIN;

  /** Of the note, as it was read or written last. */
  private String text = "";

  /**
   * @param onChange called when there are other names than before, whoever changed them; returns
   *     soon
   */
  Register(SharedNote note, OnDemandSettings limits, Runnable onChange) {
    this.note = note;
    this.limits = limits;
    this.onChange = onChange;
  }

  @Nullable KnownName find(String name) {
    return known.get(name);
  }

  Collection<KnownName> all() {
    return known.values();
  }

  /** The names, as they were read or written last. */
  Set<String> names() {
    return book.names().keySet();
  }

  /** Whether there may be one more. */
  boolean hasRoom(Instant now) {
    return !now.isBefore(roomFrom);
  }

  /** Why there may not. */
  String fullSentence() {
    return names().size() >= limits.names() || roomFrom.equals(Instant.MAX)
        ? "no further names on demand: there are %d (expected: fewer than acme.on-demand.names, %d)"
            .formatted(names().size(), limits.names())
        : ("no further names on demand until %s: as many as acme.on-demand.per-hour allows, %d,"
                + " came within the hour")
            .formatted(roomFrom, limits.perHour());
  }

  /** Looks what other instances did. */
  void refresh(Instant now) throws StorageException, InterruptedException {
    onlyOne.lockInterruptibly();
    try {
      String read = note.read().orElse("");
      if (!read.equals(text)) {
        adopt(NameBook.parse(read), read, now, Map.of());
      }
    } finally {
      onlyOne.unlock();
    }
  }

  /**
   * Wants one more name, on all instances.
   *
   * @param waiting what clients who came for it wait for
   * @return whether it is wanted; not when there is no room
   */
  boolean add(String name, CompletableFuture<Void> waiting, Instant now)
      throws StorageException, InterruptedException {
    change(
        before ->
            before.names().containsKey(name) || now.isBefore(before.roomFrom(limits, now))
                ? before
                : before.with(name, now),
        now,
        Map.of(name, waiting));
    return names().contains(name);
  }

  /** Wants a name no more, on all instances. */
  void remove(String name, Instant now) throws StorageException, InterruptedException {
    change(before -> before.without(Set.of(name)), now, Map.of());
  }

  /**
   * Writes down that clients come, once a day, and gives up what none came for in a long time, two
   * days of it under the eyes of this process: neither time without a proxy nor a clock that jumps
   * is one without clients. Used by one thread.
   *
   * @return the names that were given up
   */
  Set<String> keep(Instant now) throws StorageException, InterruptedException {
    if (now.isBefore(kept) || now.isAfter(kept.plus(WRITTEN))) {
      watched = now;
      written = Instant.MIN;
    }
    kept = now;
    boolean forgets = !now.isBefore(watched.plus(WATCHED));
    LocalDate today = NameBook.day(now);
    Map<String, LocalDate> seen =
        known.entrySet().stream()
            .filter(each -> each.getValue().asked().isPresent())
            .collect(
                Collectors.toMap(Map.Entry::getKey, each -> each.getValue().asked().orElse(today)));
    NameBook before = book;
    NameBook after = before.asked(seen, today);
    boolean news = !after.equals(before) && !written.isAfter(now.minus(WRITTEN));
    if (!news && !(forgets && !after.forgotten(today).isEmpty())) {
      return Set.of();
    }
    change(
        stored -> {
          NameBook asked = stored.asked(seen, today);
          return forgets ? asked.without(asked.forgotten(today)) : asked;
        },
        now,
        Map.of());
    written = now;
    return before.without(names()).names().keySet();
  }

  private void change(
      UnaryOperator<NameBook> change, Instant now, Map<String, CompletableFuture<Void>> waiting)
      throws StorageException, InterruptedException {
    onlyOne.lockInterruptibly();
    try {
      Step step = new Step(change);
      long end = System.nanoTime() + BUSY_LIMIT.toNanos();
      while (!note.change(step) && System.nanoTime() - end < 0) {
        Thread.sleep(BUSY_PAUSE); // another instance is at it
      }
      NameBook after = step.after;
      if (after != null) {
        adopt(after, after.text(), now, waiting);
      }
    } finally {
      onlyOne.unlock();
    }
  }

  private void adopt(
      NameBook next, String read, Instant now, Map<String, CompletableFuture<Void>> waiting) {
    Set<String> names = next.names().keySet();
    for (String name : names) {
      known.computeIfAbsent(
          name, _ -> new KnownName(name, Optional.ofNullable(waiting.get(name)), now));
    }
    known.keySet().retainAll(names);
    boolean changed = !names.equals(names());
    book = next;
    text = read;
    roomFrom = next.roomFrom(limits, now);
    if (changed) {
      onChange.run();
    }
  }

  /** A change that tells what came of it. */
  private static final class Step implements SharedNote.Change {

    private final UnaryOperator<NameBook> change;
    private @Nullable NameBook after;

    Step(UnaryOperator<NameBook> change) {
      this.change = change;
    }

    @Override
    public String apply(Optional<String> text) {
      NameBook now = change.apply(NameBook.parse(text.orElse("")));
      after = now;
      return now.text();
    }
  }
}
