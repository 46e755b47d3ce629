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
    "192.168.1.2,no public CA",
    "127.0.0.1,no public CA",
    "203.0.113.5,no public CA",
    "::1,no public CA",
    "2001:db8::1,no public CA",
    "fd00::1,no public CA",
    "0.0.0.0,no host",
    "224.0.0.1,no host",
    "::,no host",
  })
  void namesThatNoPublicCaKnowsGetASentence(String host, String reason) {
    assertThat(problem(host, false).orElseThrow())
        .startsWith("tls of " + host + ": acme (expected: local, as ")
        .contains(reason)
        .endsWith("the local CA's certificate is served");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org",
        "shop.swarmadventures.com",
        "local.example.org",
        "a.b.dev",
        "8.8.8.8",
        "2606:4700::1111"
      })
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
  @ValueSource(
      strings = {"nas.local", "shop.internal", "shop.test", "192.168.1.2", "127.0.0.1", "fd00::1"})
  void aPrivateCaMayKnowPrivateNames(String host) {
    assertThat(problem(host, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "ff02::1"})
  void evenAPrivateCaDoesNotReachWhatIsNoHost(String host) {
    assertThat(problem(host, true)).isPresent();
  }

  private static Optional<String> problem(String host, boolean privateCa) {
    return PublicName.problem(HostPattern.parse(host).orElseThrow(), privateCa, false);
  }
}
