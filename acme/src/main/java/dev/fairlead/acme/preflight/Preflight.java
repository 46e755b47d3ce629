package dev.fairlead.acme.preflight;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsException;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.dns.NameRecords;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.PreflightSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at a host before an order is spent on it. Takes some seconds at most, and changes nothing
 * but a token on the storage, which it takes away again. Thread-safe; blocks its callers.
 *
 * <pre>
 * seen                                              verdict
 * DNS tells nothing                                 doubtful
 * CAA records forbid it                             wrong; doubtful with an inside address beside them
 * no address                                        wrong by a resolver that is set, else doubtful
 * told where we are: another address                wrong, unless inside, a redirect, or the nonce comes
 * an inside address, and a public CA                doubtful
 * the nonce does not come, no address of ours known doubtful
 * another's server, and ours is at a like address   wrong, three times; then an order shows who is right
 * </pre>
 */
public final class Preflight {

  /** Where CAs come to for http-01. */
  public static final int HTTP_PORT = 80;

  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** What was only found out holds nothing up for longer than so many tries: 20 minutes. */
  private static final int MOST_FAILURES = 3;

  private final NameRecords dns;
  private final List<InetAddress> told;
  private final boolean seesTheWorld;
  private final boolean privateCa;
  private final Probing probing;
  private final OwnAddresses own;
  private final Silence silence = new Silence();

  /**
   * Makes one for a CA; nobody is asked yet.
   *
   * @param privateCa whether the CA is inside the same network
   * @param httpPort where the CA comes to for http-01
   */
  public Preflight(
      PreflightSettings settings,
      boolean privateCa,
      ChallengeBoard board,
      DnsNetwork network,
      int httpPort,
      Clock clock) {
    this(
        new NameRecords(settings.resolver(), network),
        settings.resolver().isPresent(),
        settings.addresses(),
        privateCa,
        new Probing(board, new NonceProbe(httpPort, LIMIT)),
        clock);
  }

  /**
   * @param seesTheWorld whether it is certain that DNS tells what it tells everybody
   */
  Preflight(
      NameRecords dns,
      boolean seesTheWorld,
      List<InetAddress> told,
      boolean privateCa,
      Probing probing,
      Clock clock) {
    this.dns = dns;
    this.seesTheWorld = seesTheWorld;
    this.told = List.copyOf(told);
    this.privateCa = privateCa;
    this.probing = probing;
    this.own = new OwnAddresses(clock);
  }

  /**
   * What DNS says of a host now, to be compared with {@link Report#seen}: one look, and nobody else
   * is asked. Empty when no server tells.
   */
  public Optional<String> seen(Question order) throws InterruptedException {
    try {
      return Optional.of(view(order).fingerprint());
    } catch (DnsException e) {
      return Optional.empty();
    }
  }

  /** Looks whether an order can succeed. */
  public Report look(Question order) throws InterruptedException {
    try {
      View view = view(order);
      return new Report(verdict(order, view), view.fingerprint());
    } catch (DnsException e) {
      return new Report(new Verdict.Doubtful(String.valueOf(e.getMessage())), Report.SILENT);
    }
  }

  private View view(Question order) throws DnsException, InterruptedException {
    silence.check();
    long start = System.nanoTime();
    try {
      return View.of(dns, order);
    } catch (DnsException e) {
      silence.told(e, start);
      throw e;
    }
  }

  private Verdict verdict(Question order, View view) throws DnsException, InterruptedException {
    HostPattern host = order.host();
    Optional<String> forbidden = view.caa().flatMap(records -> CaaRules.problem(records, order));
    if (forbidden.isPresent()) {
      boolean sure = seesTheWorld || privateCa || !isInside(order, view);
      return verdict(sure, forbidden.get());
    }
    if (!order.needsAddress()) {
      return new Verdict.Ready();
    }
    if (view.addresses().isEmpty()) {
      return verdict(
          seesTheWorld,
          "%s has no address in DNS (expected: an A or AAAA record, or a CNAME, that leads to this cluster)"
              .formatted(host));
    }
    try {
      return told.isEmpty() ? asFound(order, view) : asTold(order, view);
    } catch (StorageException e) {
      return new Verdict.Ready(); // the storage itself says what is wrong with it
    }
  }

  private static Verdict verdict(boolean sure, String sentence) {
    return sure ? new Verdict.Wrong(sentence) : new Verdict.Doubtful(sentence);
  }

  /** Whether DNS tells what it tells inside this network only. */
  private boolean isInside(Question order, View view) throws DnsException, InterruptedException {
    List<InetAddress> addresses =
        order.needsAddress() ? view.addresses() : dns.addresses(order.host().suffix());
    return addresses.stream().anyMatch(AddressRules::isInside);
  }

  private Verdict asTold(Question order, View view) throws StorageException, InterruptedException {
    List<InetAddress> others =
        view.addresses().stream().filter(address -> !told.contains(address)).toList();
    if (others.isEmpty()) {
      return new Verdict.Ready();
    }
    String sentence = elsewhere(order.host(), others, told);
    boolean some = others.size() < view.addresses().size();
    if (some || (!privateCa && others.stream().anyMatch(AddressRules::isInside))) {
      return new Verdict.Doubtful(sentence);
    }
    if (order.challenge() != Challenge.HTTP_01) {
      return new Verdict.Wrong(sentence);
    }
    Map<InetAddress, Reach> found = probing.look(order.host(), others);
    if (found.values().stream().allMatch(Reach.Ours.class::isInstance)) {
      return new Verdict.Ready(); // by something in front of us
    }
    boolean hope =
        found.values().stream()
            .anyMatch(
                reach ->
                    switch (reach) {
                      case Reach.Ours _ -> true;
                      case Reach.Other other -> other.isRedirect();
                      case Reach.Nobody _ -> false;
                    });
    return verdict(!hope, sentence);
  }

  private Verdict asFound(Question order, View view) throws StorageException, InterruptedException {
    HostPattern host = order.host();
    if (!privateCa && view.addresses().stream().allMatch(AddressRules::isInside)) {
      return new Verdict.Doubtful(
          "%s, which no public CA reaches (expected: an address of the internet, unless only this network's DNS says so)"
              .formatted(leads(host, AddressRules.text(view.addresses()))));
    }
    if (order.challenge() != Challenge.HTTP_01) {
      return new Verdict.Ready(); // port 80 needs not lead here
    }
    Map<InetAddress, Reach> found = probing.look(host, view.addresses());
    found.forEach(
        (address, reach) -> {
          if (reach instanceof Reach.Ours) {
            own.add(address);
          }
        });
    List<InetAddress> known = own.lately(); // one that was missed just now is not another's
    List<InetAddress> others =
        found.keySet().stream().filter(address -> !known.contains(address)).toList();
    if (others.isEmpty()) {
      return new Verdict.Ready();
    }
    List<InetAddress> ours =
        known.stream()
            .filter(mine -> others.stream().anyMatch(each -> AddressRules.areAlike(mine, each)))
            .toList();
    if (ours.isEmpty()) {
      return new Verdict.Doubtful(doubt(host, others.getFirst(), found));
    }
    boolean sure =
        others.size() == found.size()
            && order.failures() < MOST_FAILURES
            && others.stream().allMatch(address -> isAnothers(address, found, ours));
    return verdict(sure, elsewhere(host, others, ours));
  }

  private static boolean isAnothers(
      InetAddress address, Map<InetAddress, Reach> found, List<InetAddress> ours) {
    return found.get(address) instanceof Reach.Other other
        && other.isDefinite()
        && ours.stream().anyMatch(mine -> AddressRules.areAlike(mine, address));
  }

  private static String elsewhere(
      HostPattern host, List<InetAddress> others, List<InetAddress> ours) {
    return "%s, this cluster answers at %s (expected: the same address)"
        .formatted(leads(host, AddressRules.text(others)), AddressRules.text(ours));
  }

  private static String leads(HostPattern host, String addresses) {
    return host.isAddress()
        ? "%s is wanted".formatted(host)
        : "%s resolves to %s".formatted(host, addresses);
  }

  private static String doubt(
      HostPattern host, InetAddress address, Map<InetAddress, Reach> found) {
    String said =
        switch (found.get(address)) {
          case Reach.Other other -> "somebody else answers (%s)".formatted(other.answer());
          case Reach.Nobody nobody -> "nobody answers (%s)".formatted(nobody.reason());
          case Reach.Ours _ -> throw new IllegalArgumentException("ours");
          case null -> throw new IllegalArgumentException("not looked at");
        };
    return "%s, where %s on port 80, as seen from here (expected: this cluster; or a router that does not lead its own network back, which is no fault)"
        .formatted(leads(host, AddressRules.text(address)), said);
  }
}
