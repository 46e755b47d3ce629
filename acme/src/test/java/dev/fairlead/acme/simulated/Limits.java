package dev.fairlead.acme.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Let's Encrypt lets an account have (https://letsencrypt.org/docs/rate-limits/). An order
 * that names the certificate that it replaces is exempt from all of it; another one for the same
 * names as a certificate of the last months from all that is counted for the account and the
 * domain.
 */
final class Limits {

  private static final Duration WEEK = Duration.ofDays(7);

  /** So long after a certificate another one of the same names is its renewal. */
  private static final Duration RENEWAL = Duration.ofDays(120);

  private final Bucket orders = new Bucket(300, Duration.ofHours(3));
  private final Map<String, Bucket> domains = new HashMap<>();
  private final Map<String, Bucket> names = new HashMap<>();
  private final Map<String, Bucket> failures = new HashMap<>();
  private final Map<String, Instant> last = new HashMap<>();
  private final Map<String, Integer> refused = new TreeMap<>();

  /** Whether an order that replaces nothing is a renewal. */
  boolean isRenewal(String host, Instant now) {
    return last.getOrDefault(host, Instant.MIN.plus(RENEWAL)).plus(RENEWAL).isAfter(now);
  }

  /** Counts an order that is made; gives the limit that refuses it, if one does. */
  Optional<String> order(String host, SimulatedOrder.Kind kind, Instant now) {
    if (kind == SimulatedOrder.Kind.REPLACEMENT) {
      return Optional.empty();
    }
    if (!failures(host).has(now)) {
      return refuse("failed validations");
    }
    if (!names(host).has(now)) {
      return refuse("certificates of the same names");
    }
    if (kind == SimulatedOrder.Kind.RENEWAL) {
      return Optional.empty();
    }
    if (!domain(host).has(now)) {
      return refuse("certificates of the domain");
    }
    if (!orders.has(now)) {
      return refuse("orders");
    }
    orders.spend(now);
    return Optional.empty();
  }

  /** Counts a certificate that is made; gives the limit that refuses it, if one does. */
  Optional<String> certificate(String host, SimulatedOrder.Kind kind, Instant now) {
    if (kind == SimulatedOrder.Kind.FIRST && !domain(host).has(now)) {
      return refuse("certificates of the domain");
    }
    if (kind != SimulatedOrder.Kind.REPLACEMENT && !names(host).has(now)) {
      return refuse("certificates of the same names");
    }
    if (kind == SimulatedOrder.Kind.FIRST) {
      domain(host).spend(now);
    }
    if (kind != SimulatedOrder.Kind.REPLACEMENT) {
      names(host).spend(now);
    }
    last.put(host, now);
    return Optional.empty();
  }

  /** Counts a validation that failed. */
  void failed(String host, Instant now) {
    failures(host).spend(now);
  }

  /** What was asked for beyond a limit, by limit; empty when nothing was. */
  Map<String, Integer> refused() {
    return Map.copyOf(refused);
  }

  private Optional<String> refuse(String limit) {
    refused.merge(limit, 1, Integer::sum);
    return Optional.of(limit);
  }

  private Bucket domain(String host) {
    String above = host.substring(0, host.lastIndexOf('.'));
    String domain = host.substring(above.lastIndexOf('.') + 1);
    return domains.computeIfAbsent(domain, _ -> new Bucket(50, WEEK));
  }

  private Bucket names(String host) {
    return names.computeIfAbsent(host, _ -> new Bucket(5, WEEK));
  }

  private Bucket failures(String host) {
    return failures.computeIfAbsent(host, _ -> new Bucket(5, Duration.ofHours(1)));
  }
}
