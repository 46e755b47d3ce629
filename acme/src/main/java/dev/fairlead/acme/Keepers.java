package dev.fairlead.acme;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A keeper for each wanted name. Thread-safe. */
final class Keepers {

  private final Workshop workshop;
  private final Runnable onChange;
  private final Map<HostPattern, NameKeeper> keepers = new HashMap<>();

  /** When names that may be stored were wanted last. */
  private final Map<HostPattern, Instant> left = new HashMap<>();

  private boolean said;
  private boolean closed;

  /**
   * Makes it without any.
   *
   * @param onChange called when what a name is served with has changed, or it was looked at first
   */
  Keepers(Workshop workshop, Runnable onChange) {
    this.workshop = workshop;
    this.onChange = onChange;
  }

  /**
   * Says which names are wanted, all of them.
   *
   * @return false after {@link #end}; then nothing was done
   */
  synchronized boolean wanted(Set<WantedName> names) {
    if (closed) {
      return false;
    }
    Map<HostPattern, WantedName> byHost = new HashMap<>();
    for (WantedName name : names) {
      byHost.merge(name.host(), name, Keepers::better);
    }
    List<NameKeeper> obsolete =
        keepers.values().stream()
            .filter(keeper -> !keeper.name().equals(byHost.get(keeper.host())))
            .toList();
    Map<HostPattern, ServedCertificate> before = new HashMap<>();
    for (NameKeeper keeper : obsolete) {
      keeper.end();
      keepers.remove(keeper.host());
      if (keeper.isByAcme()) {
        left.put(keeper.host(), workshop.clock().instant());
      }
      keeper.served().ifPresent(last -> before.put(keeper.host(), last));
    }
    for (WantedName name : byHost.values()) {
      keepers.computeIfAbsent(
          name.host(), host -> keep(name, Optional.ofNullable(before.get(host))));
    }
    said = true;
    return true;
  }

  /** By ACME rather than not, and together with others rather than alone. */
  private static WantedName better(WantedName one, WantedName other) {
    if (one.mode() != other.mode()) {
      return one.mode() == TlsMode.ACME ? one : other;
    }
    return one.together().isEmpty() ? other : one;
  }

  private NameKeeper keep(WantedName name, Optional<ServedCertificate> before) {
    NameKeeper keeper = new NameKeeper(name, workshop, before, onChange);
    keeper.start();
    return keeper;
  }

  /** Those of the names that are wanted now. */
  synchronized Collection<NameKeeper> all() {
    return List.copyOf(keepers.values());
  }

  /** The same; empty until it was said what is wanted. */
  synchronized Optional<Collection<NameKeeper>> known() {
    return said ? Optional.of(all()) : Optional.empty();
  }

  /** How it stands with every wanted name, ordered by host. */
  synchronized List<CertificateStatus> status() {
    return keepers.values().stream()
        .map(NameKeeper::status)
        .sorted(Comparator.comparing(status -> status.host().toString()))
        .toList();
  }

  /**
   * Hands over when names stopped being wanted, those since the last time. Some of them may be
   * wanted again.
   */
  synchronized Map<HostPattern, Instant> takeLeft() {
    Map<HostPattern, Instant> taken = Map.copyOf(left);
    left.clear();
    return taken;
  }

  void wakeAll() {
    all().forEach(NameKeeper::wake);
  }

  /**
   * Ends them all, and makes none any more.
   *
   * @return the threads that were interrupted at their work
   */
  synchronized List<Thread> end() {
    closed = true;
    List<Thread> threads =
        keepers.values().stream().map(NameKeeper::end).flatMap(Optional::stream).toList();
    keepers.clear();
    return threads;
  }
}
