package dev.fairlead.acme.issue;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.challenge.Posted;
import dev.fairlead.acme.challenge.ValidationCertificate;
import dev.fairlead.acme.dns.DnsChallenges;
import dev.fairlead.acme.dns.DnsException;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One order from newOrder to the certificate (RFC 8555 §7.4). Used once, by one thread. */
final class OrderDance {

  private static final Logger LOG = LoggerFactory.getLogger(OrderDance.class);
  private static final Duration VALIDATION_LIMIT = Duration.ofSeconds(90);
  private static final Duration ISSUE_LIMIT = Duration.ofSeconds(90);
  private static final Set<Status> DECIDED =
      EnumSet.of(
          Status.VALID,
          Status.INVALID,
          Status.EXPIRED,
          Status.REVOKED,
          Status.DEACTIVATED,
          Status.CANCELED);

  private final Login login;
  private final AcmeSettings.Challenge type;
  private final ChallengeBoard board;
  private final Optional<DnsChallenges> dns;
  private final Clock clock;

  OrderDance(
      Login login,
      AcmeSettings.Challenge type,
      ChallengeBoard board,
      Optional<DnsChallenges> dns,
      Clock clock) {
    this.login = login;
    this.type = type;
    this.board = board;
    this.dns = dns;
    this.clock = clock;
  }

  KeyAndChain run(HostPattern host)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    Order order = login.newOrder().domain(host.toString()).create();
    for (Authorization authorization : order.getAuthorizations()) {
      if (authorization.getStatus() != Status.VALID) {
        authorize(host, authorization);
      }
    }
    Patience.await("the order", order, with(Status.READY), ISSUE_LIMIT);
    KeyPair key = Keys.newP256();
    if (order.getStatus() == Status.READY) {
      order.execute(key);
      Patience.await("the certificate", order, DECIDED, ISSUE_LIMIT);
    }
    if (order.getStatus() != Status.VALID) {
      throw new IssueException(
          order
              .getError()
              .map(problem -> Plain.sentence(problem, type))
              .orElse("the CA gave the order up"));
    }
    return checked(host, key, order.getCertificate());
  }

  private void authorize(HostPattern host, Authorization authorization)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    Challenge challenge = challenge(host, authorization);
    Posted posted = post(host, challenge);
    try {
      challenge.trigger();
      Status status = Patience.await(host.toString(), authorization, DECIDED, VALIDATION_LIMIT);
      if (status != Status.VALID) {
        throw new IssueException(reason(authorization));
      }
    } finally {
      takeDown(posted);
    }
  }

  private Challenge challenge(HostPattern host, Authorization authorization) throws IssueException {
    Class<? extends Challenge> wanted =
        switch (type) {
          case HTTP_01 -> Http01Challenge.class;
          case TLS_ALPN_01 -> TlsAlpn01Challenge.class;
          case DNS_01 -> Dns01Challenge.class;
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

  private Posted post(HostPattern host, Challenge challenge)
      throws IssueException, StorageException, InterruptedException {
    return switch (challenge) {
      case Http01Challenge http -> board.post(http.getToken(), http.getAuthorization());
      case TlsAlpn01Challenge tls ->
          board.post(
              host, ValidationCertificate.of(host, tls.getAcmeValidation(), clock.instant()));
      case Dns01Challenge record -> post(host, record);
      default -> throw new IllegalStateException("challenge: " + challenge.getType());
    };
  }

  private Posted post(HostPattern host, Dns01Challenge challenge)
      throws IssueException, StorageException, InterruptedException {
    try {
      return dns.orElseThrow(() -> new IssueException("dns-01 (expected: acme.dns.provider)"))
          .post(host, challenge.getDigest());
    } catch (DnsException e) {
      throw new IssueException("dns-01: " + e.getMessage(), Optional.empty(), e);
    }
  }

  private static void takeDown(Posted posted) throws InterruptedException {
    try {
      posted.remove();
    } catch (StorageException e) {
      LOG.debug("An answered challenge stays on the storage", e); // harmless, and never asked again
    }
  }

  private String reason(Authorization authorization) {
    return authorization.getChallenges().stream()
        .flatMap(challenge -> challenge.getError().stream())
        .findFirst()
        .map(problem -> "%s failed, %s".formatted(word(), Plain.sentence(problem, type)))
        .orElse(word() + " failed, and the CA does not say why");
  }

  /** A CA may be wrong too: what does not fit the key or the name is not served. */
  private static KeyAndChain checked(HostPattern host, KeyPair key, Certificate certificate)
      throws AcmeException, IssueException {
    certificate.download();
    List<X509Certificate> chain = certificate.getCertificateChain();
    X509Certificate leaf = chain.getFirst();
    if (!leaf.getPublicKey().equals(key.getPublic()) || !Names.covers(leaf, host)) {
      throw new IssueException("the CA gave a certificate of another key or name");
    }
    return new KeyAndChain(key.getPrivate(), chain);
  }

  private String word() {
    return switch (type) {
      case HTTP_01 -> "http-01";
      case TLS_ALPN_01 -> "tls-alpn-01";
      case DNS_01 -> "dns-01";
    };
  }

  private static Set<Status> with(Status more) {
    Set<Status> statuses = EnumSet.copyOf(DECIDED);
    statuses.add(more);
    return statuses;
  }
}
