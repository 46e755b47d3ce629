package dev.fairlead.app.instance;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.acme.WantedName;
import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.NamePattern;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.config.routing.TlsMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SharedNamesTest {

  private static final HostPattern APEX = host("example.com");
  private static final HostPattern WWW = host("www.example.com");
  private static final HostPattern API = host("api.example.com");

  private final SharedNames names = new SharedNames();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log().addAppender(lines);
    log().setLevel(Level.INFO);
  }

  @AfterEach
  void listenNoMore() {
    log().detachAppender(lines);
    log().setLevel(null);
  }

  @Test
  void theHostsOfARouteShareACertificateInTheOrderOfItsLabel() {
    RoutingSpec spec = spec(together("shop", "/", WWW, APEX));
    assertThat(names.of(spec)).isEqualTo(Map.of(WWW, List.of(WWW, APEX), APEX, List.of(WWW, APEX)));
    assertThat(wanted(spec))
        .containsExactlyInAnyOrder(
            new WantedName(WWW, TlsMode.ACME, false, List.of(WWW, APEX)),
            new WantedName(APEX, TlsMode.ACME, false, List.of(WWW, APEX)));
    assertThat(said()).isEmpty();
  }

  @Test
  void aHostThatAnotherRouteHasAloneIsWithTheOthers() {
    RoutingSpec spec =
        spec(
            together("shop", "/", APEX, WWW),
            routes(route("other", "/x", WWW, TlsMode.ACME, List.of())),
            routes(route("plain", "/y", APEX, TlsMode.OFF, List.of())),
            routes(route("api", "/", API, TlsMode.ACME, List.of())));
    assertThat(wanted(spec))
        .containsExactlyInAnyOrder(
            new WantedName(APEX, TlsMode.ACME, false, List.of(APEX, WWW)),
            new WantedName(WWW, TlsMode.ACME, false, List.of(APEX, WWW)),
            new WantedName(API, TlsMode.ACME));
    assertThat(said()).isEmpty();
  }

  @Test
  void theFirstOfTwoRoutesHasAHostAndTheOtherIsToldOnce() {
    RoutingSpec spec =
        spec(together("b", "/", WWW, API, APEX), together("a", "/x", host("a.example.com"), WWW));
    List<HostPattern> rest = List.of(API, APEX);
    List<HostPattern> first = List.of(host("a.example.com"), WWW);
    for (int i = 0; i < 2; i++) {
      assertThat(names.of(spec))
          .isEqualTo(Map.of(API, rest, APEX, rest, WWW, first, host("a.example.com"), first));
    }
    assertThat(said())
        .containsExactly(
            "route b: tls.together with www.example.com (expected: the same hosts in the same order"
                + " as route a, which has it in its certificate)");

    assertThat(names.of(spec(together("b", "/", WWW, API, APEX)))).containsKeys(WWW, API, APEX);
    assertThat(said()).hasSize(2).last().asString().startsWith("in order again: route b: ");
  }

  @Test
  void whoIsLeftAloneHasItsOwn() {
    RoutingSpec spec = spec(together("a", "/", APEX, WWW), together("b", "/x", WWW, API));
    assertThat(names.of(spec)).containsOnlyKeys(APEX, WWW);
    assertThat(wanted(spec)).contains(new WantedName(API, TlsMode.ACME));
  }

  @Test
  void twoRoutesWithTheSameHostsShareOne() {
    RoutingSpec spec = spec(together("a", "/", APEX, WWW), together("a/api", "/api", APEX, WWW));
    assertThat(names.of(spec)).containsOnlyKeys(APEX, WWW);
    assertThat(said()).isEmpty();
  }

  @Test
  void aHostThatIsNotRoutedAnyMoreIsNotOrderedWithTheOthers() {
    RouteSpec left = route("shop", "/", APEX, TlsMode.ACME, List.of(APEX, WWW, API));
    RouteSpec too = route("shop", "/", API, TlsMode.ACME, List.of(APEX, WWW, API));
    assertThat(names.of(spec(routes(left, too)))).containsEntry(APEX, List.of(APEX, API));
  }

  @Test
  void aWildcardWhoseNamesHaveTheirOwnElsewhereIsWithTheOthers() {
    HostPattern wildcard = host("*.example.com");
    RouteSpec onDemand =
        new RouteSpec(
            "demand",
            wildcard,
            PathPrefix.parse("/x").orElseThrow(),
            false,
            "cluster",
            TlsMode.ACME,
            true,
            RouteLimits.NONE,
            Optional.of(
                new OnDemand(
                    List.of(NamePattern.parse("a.example.com").orElseThrow()), Optional.empty())));
    assertThat(wanted(spec(together("a", "/", APEX, wildcard), routes(onDemand))))
        .contains(new WantedName(wildcard, TlsMode.ACME, false, List.of(APEX, wildcard)));
    assertThat(wanted(spec(routes(onDemand)))).contains(new WantedName(wildcard, TlsMode.LOCAL));
  }

  private Set<WantedName> wanted(RoutingSpec spec) {
    return WantedNames.of(spec, names.of(spec));
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(SharedNames.class);
  }

  private static HostPattern host(String name) {
    return HostPattern.parse(name).orElseThrow();
  }

  private static RouteSpec[] together(String name, String path, HostPattern... hosts) {
    return Stream.of(hosts)
        .map(host -> route(name, path, host, TlsMode.ACME, List.of(hosts)))
        .toArray(RouteSpec[]::new);
  }

  private static RouteSpec route(
      String name, String path, HostPattern host, TlsMode tls, List<HostPattern> together) {
    return new RouteSpec(
        name,
        host,
        PathPrefix.parse(path).orElseThrow(),
        false,
        "cluster",
        tls,
        tls != TlsMode.OFF,
        RouteLimits.NONE,
        Optional.empty(),
        together);
  }

  private static RouteSpec[] routes(RouteSpec... routes) {
    return routes;
  }

  private static RoutingSpec spec(RouteSpec[]... routes) {
    return new RoutingSpec(
        Stream.of(routes).flatMap(Stream::of).toList(),
        List.of(new ClusterSpec("cluster", Balance.P2C, List.of())));
  }
}
