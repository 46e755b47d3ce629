package dev.fairlead.acme.issue;

import dev.fairlead.acme.dns.DnsException;
import dev.fairlead.acme.dns.NameRecords;
import dev.fairlead.acme.dns.TextView;
import dev.fairlead.acme.persist.PersistRules;
import dev.fairlead.acme.persist.PersistRules.Good;
import dev.fairlead.acme.persist.PersistRules.Wrong;
import dev.fairlead.acme.persist.PersistTerms;
import dev.fairlead.acme.store.PersistMemory;
import dev.fairlead.acme.store.PersistMemory.Sight;
import dev.fairlead.acme.store.PersistStorage;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.routing.HostPattern;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets no order be spent before the record of dns-persist-01 is in DNS: until then it is looked for
 * each minute, and what is missing is said with the record to set. At one CA. Callers hold the
 * name's lock. Thread-safe.
 */
public final class PersistGate {

  private static final Logger LOG = LoggerFactory.getLogger(PersistGate.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** So long the CA itself is not asked again while a record is looked for. */
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  private final IssuanceSettings settings;
  private final NameRecords dns;
  private final PersistStorage storage;
  private final Clock clock;
  private final Map<HostPattern, String> said = new ConcurrentHashMap<>();
  private volatile Optional<Known> known = Optional.empty();

  private record Known(PersistOffer offer, Instant until) {}

  /** Makes a gate; nothing is asked before the first order. */
  public PersistGate(
      IssuanceSettings settings, NameRecords dns, PersistStorage storage, Clock clock) {
    this.settings = settings;
    this.dns = dns;
    this.storage = storage;
    this.clock = clock;
  }

  /** Looks at DNS before anybody asks the CA for anything, where its terms are known. */
  void beforeContact(HostPattern host)
      throws IssueException, StorageException, InterruptedException {
    Optional<Known> now = known;
    if (now.isPresent() && clock.instant().isBefore(now.get().until())) {
      look(host, now.get().offer());
    }
  }

  /** Takes over what the CA says. */
  void learn(Login login) throws AcmeException, IssueException {
    known = Optional.of(new Known(PersistOffer.of(login), clock.instant().plus(GOOD_FOR)));
  }

  /** Looks at DNS before an order, after {@link #learn}. */
  void beforeOrder(HostPattern host) throws IssueException, StorageException, InterruptedException {
    look(host, known.orElseThrow().offer());
  }

  /**
   * Looks at DNS before the CA is told to, after {@link #learn}.
   *
   * @param issuers what the CA calls itself in its challenge, which may be others than it told
   *     before; the order then waits for another record
   */
  void beforeValidation(HostPattern host, List<String> issuers)
      throws IssueException, StorageException, InterruptedException {
    if (issuers.isEmpty()) {
      throw IssueException.orderIsOver(
          "dns-persist-01: the CA does not say in its challenge what it calls itself");
    }
    PersistOffer offer = known.orElseThrow().offer();
    PersistMemory memory = storage.load(host);
    if (!memory.issuers().equals(issuers)
        && !issuers.containsAll(offer.terms(host, settings, memory).issuers())) {
      storage.save(host, memory.withIssuers(issuers));
    }
    look(host, offer);
  }

  /** The CA did not take the record: what made it look right counts no more. */
  void refused(HostPattern host) throws StorageException, InterruptedException {
    PersistMemory memory = storage.load(host);
    if (memory.sight().isPresent()) {
      storage.save(host, memory.with(Optional.empty()));
    }
  }

  private void look(HostPattern host, PersistOffer offer)
      throws IssueException, StorageException, InterruptedException {
    PersistMemory memory = storage.load(host);
    PersistTerms terms = offer.terms(host, settings, memory);
    List<TextView> views;
    try {
      views = dns.texts(terms.wanted().name());
    } catch (DnsException e) {
      if (isKnown(memory, terms)) {
        LOG.info(
            "certificate of {}: ordered without a look at its TXT record, which was there before:"
                + " {}",
            host,
            e.getMessage());
        return;
      }
      throw missing(host, terms, String.valueOf(e.getMessage()));
    }
    String account = "";
    for (TextView view : views) {
      account =
          switch (PersistRules.look(view.texts(), terms, clock.instant())) {
            case Good good -> good.account();
            case Wrong wrong -> throw missing(host, terms, wrong.why() + place(view));
          };
    }
    found(host, memory, new Sight(offer.account(), account, clock.instant()));
  }

  private static String place(TextView view) {
    return view.server().map(server -> ", at " + server).orElse("");
  }

  private static boolean isKnown(PersistMemory memory, PersistTerms terms) {
    return memory
        .sight()
        .filter(sight -> terms.accounts().contains(sight.accountUri()))
        .isPresent();
  }

  private void found(HostPattern host, PersistMemory memory, Sight sight)
      throws StorageException, InterruptedException {
    said.remove(host);
    boolean before =
        memory
            .sight()
            .filter(
                earlier ->
                    earlier.account().equals(sight.account())
                        && earlier.accountUri().equals(sight.accountUri()))
            .isPresent();
    if (!before) {
      LOG.info("certificate of {}: its TXT record for dns-persist-01 is in DNS", host);
      storage.save(host, memory.with(Optional.of(sight)));
    }
  }

  /** The first sentence is told by who waits; another one is news. */
  private IssueException missing(HostPattern host, PersistTerms terms, String why) {
    String sentence = sentence(terms, why);
    String before = said.put(host, sentence);
    if (before != null && !before.equals(sentence)) {
      LOG.warn("certificate of {}: {}", host, sentence);
    }
    return IssueException.postponed(sentence, clock.instant().plus(PAUSE), null).ofName();
  }

  /** What is wrong and the record that sets it right. */
  static String sentence(PersistTerms terms, String why) {
    return "dns-persist-01: %s; set this record, it is looked for each minute: %s"
        .formatted(why, terms.wanted().line());
  }
}
