package dev.fairlead.acme.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.HostPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the list of the JDK that runs this: another form of it would be seen here. */
class RegisteredDomainTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "example.com,example.com",
    "a.b.c.example.com,example.com",
    "shop.example.co.uk,example.co.uk",
    "a.b.sch.uk,a.b.sch.uk",
    "x.a.b.sch.uk,a.b.sch.uk",
    "me.github.io,me.github.io",
    "x.me.github.io,me.github.io",
    "www.ck,www.ck",
    "a.www.ck,www.ck",
    "a.b.c.ck,b.c.ck",
    "co.uk,co.uk",
    "a.b.nosuchtld,b.nosuchtld",
    "localhost,localhost"
  })
  void isOneLabelMoreThanThePublicSuffix(String host, String domain) {
    assertThat(new RegisteredDomain(PublicSuffixes.ofJdk()).of(host)).isEqualTo(domain);
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.co.uk, example.co.uk",
    "203.0.113.5,        203.0.113.5",
    "2001:db8::1,        2001:db8::/64",
    "2001:db8:0:0:ffff::1, 2001:db8::/64",
    "2001:db8:0:1::1,    2001:db8:0:1::/64",
    "::1,                ::/64"
  })
  void ofAddressesItIsThatOfIpv4AndTheNetworkOfIpv6(String host, String counted) {
    assertThat(
            new RegisteredDomain(PublicSuffixes.ofJdk()).of(HostPattern.parse(host).orElseThrow()))
        .isEqualTo(counted);
  }

  @Test
  void isTheLastTwoLabelsWhereNoListCanBeRead() throws Exception {
    Path missing = directory.resolve("none");
    Path other = Files.writeString(directory.resolve("other"), "no zip");
    for (Path file : new Path[] {missing, other}) {
      RegisteredDomain domains = new RegisteredDomain(new PublicSuffixes(file));
      assertThat(domains.of("shop.example.com")).isEqualTo("example.com");
      assertThat(domains.of("shop.example.co.uk")).isEqualTo("co.uk");
    }
  }
}
