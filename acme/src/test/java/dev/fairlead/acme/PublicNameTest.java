package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.HostPattern;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicNameTest {

  @ParameterizedTest
  @CsvSource({
    "*.example.org,dns-01",
    "localhost,no CA",
    "whoami.localhost,no CA",
    "nas,no CA",
    "nas.local,no public CA",
    "shop.internal,no public CA",
    "shop.home.arpa,no public CA",
    "x.onion,no CA",
    "my_shop.example.org,underscore",
    "192.168.1.2,IP address",
  })
  void namesThatNoPublicCaKnowsGetASentence(String host, String reason) {
    assertThat(problem(host, false).orElseThrow())
        .startsWith("tls of " + host + ": acme (expected: local, as ")
        .contains(reason)
        .endsWith("the local CA's certificate is served");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.org", "shop.swarmadventures.com", "local.example.org", "a.b.dev"})
  void ordinaryDomainsAreFine(String host) {
    assertThat(problem(host, false)).isEmpty();
  }

  @Test
  void aWildcardNeedsSomebodyWhoPutsRecordsIntoDns() {
    HostPattern wildcard = HostPattern.parse("*.example.org").orElseThrow();
    assertThat(PublicName.problem(wildcard, false, true)).isEmpty();
    assertThat(PublicName.problem(wildcard, false, false).orElseThrow())
        .contains("acme.dns.provider is not set");
  }

  @ParameterizedTest
  @CsvSource({"*.shop.internal,no public CA", "*.com,no CA", "*.localhost,no CA"})
  void aWildcardOfWhatNoCaKnowsGetsASentenceEvenThen(String host, String reason) {
    assertThat(PublicName.problem(HostPattern.parse(host).orElseThrow(), false, true).orElseThrow())
        .contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nas.local", "shop.internal", "shop.test"})
  void aPrivateCaMayKnowPrivateNames(String host) {
    assertThat(problem(host, true)).isEmpty();
  }

  private static Optional<String> problem(String host, boolean privateCa) {
    return PublicName.problem(HostPattern.parse(host).orElseThrow(), privateCa, false);
  }
}
