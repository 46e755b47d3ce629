package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Budget;
import dev.fairlead.acme.budget.BudgetException;
import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.challenge.Posted;
import dev.fairlead.acme.challenge.ValidationCertificate;
import dev.fairlead.acme.dns.DnsChallenges;
import dev.fairlead.acme.dns.DnsException;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a CA that a name is ours (RFC 8555 §7.5): one kind of challenge, for one host. */
final class Validation {

  private static final Logger LOG = LoggerFactory.getLogger(Validation.class);
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** So long CAs wait for an answer. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** Whether somebody has worked on an order, and may have told the CA to look. */
  enum Before {
    NOBODY,
    /** Nobody waited since for what the CA does of itself. */
    LATELY,
    /** What the CA was told by others it has done by now. */
    LONG_AGO
  }

  private final HostPattern host;
  private final AcmeSettings.Challenge type;
  private final ChallengeBoard board;
  private final Optional<DnsChallenges> dns;
  private final Optional<PersistGate> persist;
  private final Budget budget;
  private final Clock clock;
  private @Nullable Posted ahead;

  Validation(
      HostPattern host,
      AcmeSettings.Challenge type,
      ChallengeBoard board,
      Optional<DnsChallenges> dns,
      Optional<PersistGate> persist,
      Budget budget,
      Clock clock) {
    this.host = host;
    this.type = type;
    this.board = board;
    this.dns = dns;
    this.persist = persist;
    this.budget = budget;
    this.clock = clock;
  }

  /**
   * Sets the record of an authorization before another one is looked at that has the same place in
   * DNS: what servers keep of the first look then has both.
   *
   * @param authorization as the CA has it now
   */
  void prepare(Authorization authorization)
      throws IssueException, StorageException, InterruptedException {
    if (authorization.getStatus() == Status.PENDING
        && type == AcmeSettings.Challenge.DNS_01
        && dns.filter(DnsChallenges::hasRoomForSeveral).isPresent()) {
      Challenge challenge = challenge(authorization);
      if (challenge.getStatus() == Status.PENDING) {
        ahead = post(challenge);
      }
    }
  }

  /** Takes down what was prepared and not needed. */
  void giveUp() throws InterruptedException {
    Posted unused = ahead;
    ahead = null;
    if (unused != null) {
      takeDown(unused);
    }
  }

  /**
   * Answers a challenge of an authorization and waits for what the CA makes of it. One that has
   * begun to look already is answered again, and not told to look.
   *
   * @param authorization as the CA has it now
   * @param before who has worked on the order
   */
  void run(Authorization authorization, URI order, Journal journal, Before before)
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    if (authorization.getStatus() == Status.VALID) {
      discard(authorization);
      return;
    }
    if (authorization.getStatus() != Status.PENDING) {
      throw IssueException.orderIsOver(reason(authorization)).ofName();
    }
    Challenge challenge = challenge(authorization);
    boolean begun = challenge.getStatus() != Status.PENDING;
    Posted posted = ahead == null ? post(challenge) : ahead;
    ahead = null;
    boolean decided = false;
    try {
      if (!begun && !(before == Before.LATELY && isLookedAt(authorization))) {
        if (challenge instanceof DnsPersist01Challenge record) {
          gate().beforeValidation(host, record.issuers());
        }
        budget.beforeValidation(host);
        journal.step(new Step.Validating(order));
        trigger(challenge, authorization);
      }
      Status status =
          Patience.await(host.toString(), authorization, OrderDance.DECIDED, LIMIT, clock);
      decided = true;
      if (status != Status.VALID) {
        if (challenge instanceof DnsPersist01Challenge) {
          gate().refused(host);
        }
        throw IssueException.orderIsOver(reason(authorization)).ofName();
      }
      if (!begun || before != Before.NOBODY) {
        budget.validated(host);
      }
    } finally {
      if (decided) {
        takeDown(posted);
      } else {
        posted.leave(); // the CA may look any moment, whoever goes on with the order
      }
    }
  }

  /**
   * Whoever began may have told the CA to look before it ended. CAs need not show that they look,
   * and those that are told twice look twice: the second time for an answer that is gone.
   */
  private boolean isLookedAt(Authorization authorization)
      throws AcmeException, IssueException, InterruptedException {
    try {
      Patience.await(host.toString(), authorization, OrderDance.DECIDED, LOOK, clock);
      return true;
    } catch (IssueException e) {
      if (e.sequel() == IssueException.Sequel.WAIT) {
        throw e;
      }
      return false;
    }
  }

  /** Who made an order before may have told the CA already. */
  private static void trigger(Challenge challenge, Authorization authorization)
      throws AcmeException {
    try {
      challenge.trigger();
    } catch (AcmeServerException e) {
      authorization.fetch();
      if (authorization.getStatus() == Status.PENDING) {
        throw e;
      }
    }
  }

  private Challenge challenge(Authorization authorization) throws IssueException {
    Class<? extends Challenge> wanted =
        switch (type) {
          case HTTP_01 -> Http01Challenge.class;
          case TLS_ALPN_01 -> TlsAlpn01Challenge.class;
          case DNS_01 -> Dns01Challenge.class;
          case DNS_PERSIST_01 -> DnsPersist01Challenge.class;
        };
    return authorization
        .findChallenge(wanted)
        .map(Challenge.class::cast)
        .orElseThrow(
            () ->
                new IssueException(
                    "the CA does not offer %s for %s (expected: another acme.challenge)"
                        .formatted(word(), host)));
  }

  private Posted post(Challenge challenge)
      throws IssueException, StorageException, InterruptedException {
    return switch (challenge) {
      case Http01Challenge http -> board.post(http.getToken(), http.getAuthorization());
      case TlsAlpn01Challenge tls ->
          board.post(
              host, ValidationCertificate.of(host, tls.getAcmeValidation(), clock.instant()));
      case Dns01Challenge record -> post(record);
      case DnsPersist01Challenge _ -> new Standing();
      default -> throw new IllegalStateException("challenge: " + challenge.getType());
    };
  }

  private Posted post(Dns01Challenge challenge)
      throws IssueException, StorageException, InterruptedException {
    try {
      return dns.orElseThrow(
              () -> new IssueException("dns-01 (expected: acme.dns.provider)").ofName())
          .post(host, challenge.getDigest());
    } catch (DnsException e) {
      throw new IssueException("dns-01: " + e.getMessage(), e).ofName();
    }
  }

  /** Takes down what an earlier process has left up, and needs no answer any more. */
  void discard(Authorization authorization) throws InterruptedException {
    try {
      switch (type) {
        case HTTP_01 -> {
          Optional<Http01Challenge> challenge = authorization.findChallenge(Http01Challenge.class);
          if (challenge.isPresent()) {
            board.discard(challenge.get().getToken());
          }
        }
        case TLS_ALPN_01 -> board.discard(host);
        case DNS_PERSIST_01 -> {}
        case DNS_01 -> {
          if (dns.isPresent()) {
            dns.get().discard(host);
          }
        }
      }
    } catch (StorageException e) {
      LOG.debug("An answered challenge stays on the storage", e); // harmless, and never asked again
    }
  }

  private static void takeDown(Posted posted) throws InterruptedException {
    try {
      posted.remove();
    } catch (StorageException e) {
      LOG.debug("An answered challenge stays on the storage", e); // harmless, and never asked again
    }
  }

  /** Why an authorization was not given. */
  String reason(Authorization authorization) {
    return authorization.getChallenges().stream()
        .flatMap(challenge -> challenge.getError().stream())
        .findFirst()
        .map(problem -> "%s failed, %s".formatted(word(), Plain.sentence(problem, type)))
        .orElse(word() + " failed, and the CA does not say why");
  }

  private String word() {
    return switch (type) {
      case HTTP_01 -> "http-01";
      case TLS_ALPN_01 -> "tls-alpn-01";
      case DNS_01 -> "dns-01";
      case DNS_PERSIST_01 -> DnsPersist01Challenge.TYPE;
    };
  }

  private PersistGate gate() throws IssueException {
    return persist.orElseThrow(
        () ->
            new IssueException(
                "dns-persist-01 is not to be had here (expected: another acme.challenge)"));
  }

  /** An answer that is there before and after the order. */
  private static final class Standing implements Posted {

    @Override
    public void remove() {}

    @Override
    public void leave() {}
  }
}
