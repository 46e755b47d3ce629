package dev.fairlead.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.acme.bind.Bind;
import dev.fairlead.acme.bind.BindExtension;
import dev.fairlead.acme.dns.ZoneView.Place;
import dev.fairlead.acme.dns.ZoneView.Seen;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is asked of a real BIND. */
class LookupsTest {

  @RegisterExtension static final BindExtension DNS = new BindExtension();

  private static final String VALUE = "one-".repeat(10) + "111";

  @Test
  void findsTheZoneOfANameThatIsNotThere() throws Exception {
    Place place = lookups().place("_acme-challenge.a.b.c." + Bind.ZONE);

    assertThat(place.zone()).isEqualTo(Lookups.name(Bind.ZONE));
    assertThat(place.name()).isEqualTo(Lookups.name("_acme-challenge.a.b.c." + Bind.ZONE));
  }

  @Test
  void aServerWithoutAnAddressIsLeftOut() throws Exception {
    Place place = lookups().place("_acme-challenge." + Bind.OTHER_ZONE);

    assertThat(place.servers())
        .extracting(NameServer::toString)
        .containsExactly("ns1.%s (127.0.0.1:%d)".formatted(Bind.OTHER_ZONE, DNS.bind().port()));
  }

  @Test
  void aRoundOfAliasesEnds() {
    assertThatThrownBy(() -> lookups().place("_acme-challenge.round." + Bind.OTHER_ZONE))
        .isInstanceOf(DnsException.class)
        .hasMessage(
            "the CNAME records of _acme-challenge.round.%s lead on and on (expected: at most 8)"
                .formatted(Bind.OTHER_ZONE));
  }

  @Test
  void seesWhetherAValueIsThere() throws Exception {
    String name = "_acme-challenge.seen." + Bind.ZONE;
    assertThat(look(name)).isEqualTo(Seen.MISSING);

    DNS.bind().put(name, "another".repeat(6) + "1");
    assertThat(look(name)).isEqualTo(Seen.MISSING);

    DNS.bind().put(name, VALUE);
    assertThat(look(name)).isEqualTo(Seen.HERE);
  }

  @Test
  void aServerThatDoesNotKnowTheZoneSaysNothing() throws Exception {
    assertThat(look("_acme-challenge.elsewhere.example")).isEqualTo(Seen.SILENT);
  }

  @Test
  void saysWhoCouldNotTellAZone() {
    assertThatThrownBy(() -> lookups().place("_acme-challenge.elsewhere.example"))
        .isInstanceOf(DnsException.class)
        .hasMessage(
            "no DNS server tells the CNAME records of _acme-challenge.elsewhere.example:"
                + " 127.0.0.1:%d answers REFUSED (expected: acme.dns.resolver names one that does)",
            DNS.bind().port());
  }

  private static Seen look(String name) throws Exception {
    NameServer server = lookups().place(Bind.ZONE).servers().getFirst();
    return lookups().look(server, Lookups.name(name), VALUE);
  }

  private static Lookups lookups() {
    return new Lookups(
        Optional.of(DNS.bind().address()),
        new DnsNetwork(
            DNS.bind().port(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(50)));
  }
}
