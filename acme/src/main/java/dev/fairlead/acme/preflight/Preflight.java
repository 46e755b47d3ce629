package dev.fairlead.acme.preflight;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.challenge.Posted;
import dev.fairlead.acme.dns.CaaSet;
import dev.fairlead.acme.dns.DnsException;
import dev.fairlead.acme.dns.NameRecords;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.routing.HostPattern;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a host before an order is spent on it. Takes some seconds at most, and changes nothing
 * but a token on the storage, which it takes away again. Thread-safe; blocks its callers.
 */
public final class Preflight {

  private static final int HTTP = 80;
  private static final int MOST_ADDRESSES = 8;
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final NameRecords dns;
  private final ChallengeBoard board;
  private final Set<InetAddress> told;
  private final boolean privateCa;
  private final NonceProbe probe;
  private final OwnAddresses own;

  /**
   * @param told where this cluster is reached, as its owner says; empty when nothing was said
   * @param privateCa whether the CA is inside the same network
   */
  public Preflight(
      NameRecords dns,
      ChallengeBoard board,
      Set<InetAddress> told,
      boolean privateCa,
      Clock clock) {
    this(dns, board, told, privateCa, clock, new NonceProbe(HTTP, LIMIT));
  }

  Preflight(
      NameRecords dns,
      ChallengeBoard board,
      Set<InetAddress> told,
      boolean privateCa,
      Clock clock,
      NonceProbe probe) {
    this.dns = dns;
    this.board = board;
    this.told = Set.copyOf(told);
    this.privateCa = privateCa;
    this.probe = probe;
    this.own = new OwnAddresses(clock);
  }

  /**
   * What DNS says of a host now, to be compared with {@link Report#seen}: one look, and nobody else
   * is asked. Empty when no server tells.
   */
  public Optional<String> seen(Question order) throws InterruptedException {
    try {
      return Optional.of(View.of(dns, order).toString());
    } catch (DnsException e) {
      return Optional.empty();
    }
  }

  /** Looks whether an order can succeed. */
  public Report look(Question order) throws InterruptedException {
    View view;
    try {
      view = View.of(dns, order);
    } catch (DnsException e) {
      return new Report(new Verdict.Doubtful(String.valueOf(e.getMessage())), "");
    }
    return new Report(verdict(order, view), view.toString());
  }

  private Verdict verdict(Question order, View view) throws InterruptedException {
    Optional<String> forbidden = view.caa().flatMap(records -> CaaRules.problem(records, order));
    if (forbidden.isPresent()) {
      return new Verdict.Wrong(forbidden.get());
    }
    if (order.byDns()) {
      return new Verdict.Ready();
    }
    HostPattern host = order.host();
    if (view.addresses().isEmpty()) {
      return new Verdict.Wrong(
          "%s has no address in DNS (expected: an A or AAAA record, or a CNAME, that leads to this"
                  .formatted(host)
              + " cluster)");
    }
    if (!told.isEmpty()) {
      return asTold(host, view.addresses());
    }
    if (!privateCa && view.addresses().stream().allMatch(AddressRules::isInside)) {
      return new Verdict.Doubtful(
          "%s resolves to %s, which no public CA reaches (expected: an address of the internet, unless only this network's DNS says so)"
              .formatted(host, AddressRules.text(view.addresses())));
    }
    return order.challenge() == Challenge.HTTP_01
        ? asFound(host, view.addresses())
        : new Verdict.Ready(); // port 80 needs not lead here
  }

  private Verdict asTold(HostPattern host, List<InetAddress> addresses) {
    List<InetAddress> others =
        addresses.stream().filter(address -> !told.contains(address)).toList();
    if (others.isEmpty()) {
      return new Verdict.Ready();
    }
    String sentence = elsewhere(host, others, List.copyOf(told));
    return others.size() == addresses.size()
        ? new Verdict.Wrong(sentence)
        : new Verdict.Doubtful(sentence);
  }

  private static String elsewhere(
      HostPattern host, List<InetAddress> others, List<InetAddress> ours) {
    return "%s resolves to %s, this cluster answers at %s (expected: the same address)"
        .formatted(host, AddressRules.text(others), AddressRules.text(ours));
  }

  private Verdict asFound(HostPattern host, List<InetAddress> addresses)
      throws InterruptedException {
    Map<InetAddress, Reach> found;
    try {
      found = probe(host, addresses.subList(0, Math.min(addresses.size(), MOST_ADDRESSES)));
    } catch (StorageException e) {
      return new Verdict.Ready(); // the storage itself says what is wrong with it
    }
    found.forEach(
        (address, reach) -> {
          if (reach instanceof Reach.Ours) {
            own.add(address);
          }
        });
    List<InetAddress> others =
        found.entrySet().stream()
            .filter(entry -> !(entry.getValue() instanceof Reach.Ours))
            .map(Map.Entry::getKey)
            .toList();
    if (others.isEmpty()) {
      return new Verdict.Ready();
    }
    List<InetAddress> ours = own.lately();
    if (ours.isEmpty()) {
      return new Verdict.Doubtful(
          doubt(host, others.getFirst(), found.getOrDefault(others.getFirst(), new Reach.Ours())));
    }
    String sentence = elsewhere(host, others, ours);
    return others.size() == found.size()
        ? new Verdict.Wrong(sentence)
        : new Verdict.Doubtful(sentence);
  }

  private static String doubt(HostPattern host, InetAddress address, Reach reach) {
    String said =
        switch (reach) {
          case Reach.Other other -> "somebody else answers (%s)".formatted(other.answer());
          case Reach.Nobody nobody -> "nobody answers (%s)".formatted(nobody.reason());
          case Reach.Ours _ -> throw new IllegalArgumentException("ours");
        };
    return "%s resolves to %s, where %s on port 80, as seen from here (expected: this cluster; or a router that does not lead its own network back, which is no fault)"
        .formatted(host, address.getHostAddress(), said);
  }

  private Map<InetAddress, Reach> probe(HostPattern host, List<InetAddress> addresses)
      throws StorageException, InterruptedException {
    String token = "preflight-" + random();
    String expected = random();
    Posted posted = board.post(token, expected);
    Map<InetAddress, Reach> found = new LinkedHashMap<>();
    try {
      for (InetAddress address : addresses) {
        found.put(address, probe.look(address, host.suffix(), token, expected));
        if (Thread.interrupted()) {
          throw new InterruptedException("while " + host + " was looked at");
        }
      }
    } finally {
      posted.remove();
    }
    return found;
  }

  private static String random() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** What DNS says. */
  private record View(List<InetAddress> addresses, Optional<CaaSet> caa) {

    static View of(NameRecords dns, Question order) throws DnsException, InterruptedException {
      String host = order.host().suffix();
      return new View(order.byDns() ? List.of() : dns.addresses(host), dns.caa(host));
    }

    /** The same for the same answers, in whatever order they came. */
    @Override
    public String toString() {
      return "%s %s"
          .formatted(
              addresses.stream().map(InetAddress::getHostAddress).sorted().toList(),
              caa.map(
                      records ->
                          records.name()
                              + records.entries().stream()
                                  .map(CaaSet.Entry::toString)
                                  .sorted()
                                  .toList())
                  .orElse("no CAA"));
    }
  }
}
