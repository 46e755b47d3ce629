package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WantedNameTest {

  @Test
  void aNameAloneOrdersItself() {
    WantedName alone = new WantedName(host("example.com"), TlsMode.ACME);
    assertThat(alone.isTakenOver()).isFalse();
    assertThat(alone.ordered()).containsExactly(host("example.com"));
    assertThat(alone.orderedTogether()).isEmpty();
  }

  @Test
  void theFirstNameOrdersForAllInTheirOrder() {
    WantedName first = of("www.example.org", "www.example.org", "example.com", "203.0.113.5");
    assertThat(first.isTakenOver()).isFalse();
    assertThat(first.ordered())
        .containsExactly(host("www.example.org"), host("example.com"), host("203.0.113.5"));
    assertThat(of("example.com", "www.example.org", "example.com").isTakenOver()).isTrue();
  }

  @Test
  void aNameThatAWildcardStandsForIsNotOrderedBeside() {
    WantedName name =
        of(
            "www.example.com",
            "www.example.com",
            "example.com",
            "*.example.com",
            "a.b.example.com",
            "www.example.org");
    assertThat(name.ordered())
        .containsExactly(
            host("example.com"),
            host("*.example.com"),
            host("a.b.example.com"),
            host("www.example.org"));
    assertThat(name.isTakenOver()).isFalse();
  }

  @Test
  void anotherNameIsNotTogetherWithThem() {
    assertThatThrownBy(() -> of("other.example.com", "example.com", "www.example.com"))
        .isInstanceOf(IllegalArgumentException.class);
    List<HostPattern> hosts = List.of(host("example.com"), host("www.example.com"));
    assertThatThrownBy(() -> new WantedName(hosts.getFirst(), TlsMode.LOCAL, false, hosts))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static WantedName of(String name, String... together) {
    return new WantedName(
        host(name), TlsMode.ACME, false, Stream.of(together).map(Instance::host).toList());
  }
}
