package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.HostPattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {

  @ParameterizedTest
  @CsvSource({
    "false,'too many new orders (300) from this account in the last 3h0m0s, retry after"
        + " 2026-11-23'",
    "false,service busy; retry later.",
    "true,'too many certificates (50) already issued for \"example.com\" in the last 168h0m0s'",
    "true,'too many certificates (5) already issued for this exact set of identifiers in the last'",
    "true,'too many failed authorizations (5) for \"a.example.com\" in the last 1h0m0s'"
  })
  void aLimitOfNamesIsNoLimitOfTheAccount(boolean names, String said) {
    assertThat(RateLimits.isAboutNames(said, new HostPattern(false, "a.example.com")))
        .isEqualTo(names);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 203.0.113.5, 'too many new orders (300) from this account in the last 3h0m0s'",
    "false, 2001:db8::1, service busy; retry later.",
    "true,  203.0.113.5, 'too many certificates (50) already issued for \"203.0.113.5\" in'",
    "true,  2001:db8::1, 'too many certificates (50) already issued for \"2001:db8::/64\" in'",
    "true,  2001:db8::1, 'too many failed authorizations (5) for \"2001:db8::1\" in the last'"
  })
  void soIsALimitOfAddresses(boolean addresses, String host, String said) {
    assertThat(RateLimits.isAboutNames(said, HostPattern.parse(host).orElseThrow()))
        .isEqualTo(addresses);
  }
}
