package dev.fairlead.acme.dns;

import dev.fairlead.acme.challenge.Posted;
import dev.fairlead.acme.store.DnsRecordStorage;
import dev.fairlead.acme.store.KeptRecord;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.DnsSettings;
import dev.fairlead.config.bootstrap.DnsSettings.AcmeDns;
import dev.fairlead.config.bootstrap.DnsSettings.Cloudflare;
import dev.fairlead.config.bootstrap.DnsSettings.Exec;
import dev.fairlead.config.bootstrap.DnsSettings.Rfc2136;
import dev.fairlead.config.routing.HostPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The answers to dns-01. A record is kept on the storage before it is set, and taken away after its
 * order, whatever became of that; what a crash left is taken away by the next order. Thread-safe;
 * blocks its callers.
 */
public final class DnsChallenges {

  private static final Logger LOG = LoggerFactory.getLogger(DnsChallenges.class);
  private static final Duration EXEC_LIMIT = Duration.ofSeconds(60);

  private final String word;
  private final DnsProvider provider;
  private final Propagation propagation;
  private final DnsRecordStorage storage;
  private final Semaphore places;

  DnsChallenges(
      String word, DnsProvider provider, Propagation propagation, DnsRecordStorage storage) {
    this.word = word;
    this.provider = provider;
    this.propagation = propagation;
    this.storage = storage;
    this.places = new Semaphore(provider.mostAtOnce(), true);
  }

  /** Challenges as the settings say; nothing is sent before the first order. */
  public static DnsChallenges of(
      DnsSettings settings, DnsRecordStorage storage, DnsNetwork network) {
    Lookups lookups = new Lookups(settings.resolver(), network);
    Propagation propagation =
        new Propagation(lookups, settings.waitLimit(), network.pause(), Ticker.SYSTEM);
    return switch (settings.provider()) {
      case Rfc2136 updates ->
          new DnsChallenges("rfc2136", new Rfc2136Provider(updates, lookups), propagation, storage);
      case Cloudflare cloudflare ->
          new DnsChallenges(
              "cloudflare",
              new CloudflareProvider(cloudflare, lookups, HttpApi.LIMIT),
              propagation,
              storage);
      case AcmeDns acmeDns ->
          new DnsChallenges(
              "acme-dns", new AcmeDnsProvider(acmeDns, HttpApi.LIMIT), propagation, storage);
      case Exec exec ->
          new DnsChallenges("exec", new ExecProvider(exec, EXEC_LIMIT), propagation, storage);
    };
  }

  /**
   * Sets the record for a host and waits until the CA can see it. The caller holds the host's lock.
   *
   * @param value what the CA expects, base64url of a SHA-256 (RFC 8555 §8.4)
   * @return takes it away again; never fails because of DNS
   */
  public Posted post(HostPattern host, String value)
      throws DnsException, StorageException, InterruptedException {
    TxtRecord record = TxtRecord.of(host, value);
    places.acquire();
    boolean set = false;
    boolean seen = false;
    try {
      List<String> left = removeLeftovers(host);
      KeptRecord kept = storage.save(host, word, record.name(), record.value());
      try {
        provider.present(record);
        set = true;
        left.forEach(LOG::warn);
        propagation.await(record, provider.whenUnseen(record));
        seen = true;
      } finally {
        if (!seen) {
          Level level = set ? Level.WARN : Level.DEBUG; // what is not set has said why
          takeAway(host, kept).ifPresent(LOG.atLevel(level)::log);
        }
      }
      return posted(host, kept);
    } finally {
      if (!seen) {
        places.release();
      }
    }
  }

  /** Whether an order may have several records at once, at one place in DNS. */
  public boolean hasRoomForSeveral() {
    return provider.mostAtOnce() > 1;
  }

  /** Takes away the record that an earlier process has left, if any. The caller holds the lock. */
  public void discard(HostPattern host) throws StorageException, InterruptedException {
    places.acquire();
    try {
      removeLeftovers(host).forEach(LOG::warn);
    } finally {
      places.release();
    }
  }

  private Posted posted(HostPattern host, KeptRecord kept) {
    return new Posted() {
      @Override
      public void remove() throws StorageException, InterruptedException {
        try {
          takeAway(host, kept).ifPresent(LOG::warn);
        } finally {
          places.release();
        }
      }

      @Override
      public void leave() {
        places.release();
      }
    };
  }

  /** Returns sentences about those that stay, of which whoever cannot set one either needs none. */
  private List<String> removeLeftovers(HostPattern host)
      throws StorageException, InterruptedException {
    List<String> staying = new ArrayList<>();
    for (KeptRecord left : storage.leftovers(host)) {
      if (left.provider().equals(word)) {
        Optional<String> problem = takeAway(host, left);
        if (problem.isEmpty()) {
          LOG.info("certificate of {}: a TXT record of an earlier order was taken away", host);
        }
        problem.ifPresent(staying::add);
      } else {
        LOG.warn(
            "certificate of {}: the TXT record {} \"{}\" of an earlier order stays, as {} is not"
                + " acme.dns.provider any more (fix: remove it by hand)",
            host,
            left.name(),
            left.value(),
            left.provider());
        storage.remove(left);
      }
    }
    return staying;
  }

  /** Returns one sentence when the record could not be taken away. */
  private Optional<String> takeAway(HostPattern host, KeptRecord kept)
      throws StorageException, InterruptedException {
    try {
      provider.cleanup(new TxtRecord(kept.name(), kept.value()));
      storage.remove(kept);
      return Optional.empty();
    } catch (DnsException e) {
      return Optional.of(
          "certificate of %s: the TXT record %s \"%s\" could not be taken away, the next order tries again: %s"
              .formatted(host, kept.name(), kept.value(), e.getMessage()));
    }
  }
}
