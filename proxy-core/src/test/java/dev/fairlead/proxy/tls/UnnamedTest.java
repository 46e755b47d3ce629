package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose certificate a client gets that names no host. */
class UnnamedTest {

  private static final ServerCertificate ANY = ProxyFixture.ca().issue("any.test");

  private final Map<HostPattern, LazyContext> contexts = new HashMap<>();

  @ParameterizedTest
  @CsvSource({
    // what the connection says
    "8.8.8.8 9.9.9.9,  8.8.8.8,  '',      8.8.8.8",
    "8.8.8.8 9.9.9.9,  8.8.8.8,  9.9.9.9, 8.8.8.8",
    "192.168.1.2,      192.168.1.2, '',   192.168.1.2",
    "2600::1 2600::2,  2600::2,  '',      2600::2",
    // the only one of the internet
    "8.8.8.8,          10.0.0.3, '',      8.8.8.8",
    "8.8.8.8,          '',       '',      8.8.8.8",
    "8.8.8.8 10.0.0.1 127.0.0.1 203.0.113.5, 10.0.0.3, '', 8.8.8.8",
    "2600::1,          10.0.0.3, '',      2600::1",
    "8.8.8.8,          fd00::1,  '',      8.8.8.8",
    // one by each protocol
    "8.8.8.8 2600::1,  10.0.0.3, '',      8.8.8.8",
    "8.8.8.8 2600::1,  fd00::1,  '',      2600::1",
    // the one that was said
    "8.8.8.8 9.9.9.9,  10.0.0.3, 9.9.9.9, 9.9.9.9",
    "8.8.8.8 2600::1,  fd00::1,  8.8.8.8, 8.8.8.8",
    "8.8.8.8 192.168.1.2, 10.0.0.3, 192.168.1.2, 192.168.1.2",
    // one that is not routed says nothing
    "8.8.8.8,          10.0.0.3, 9.9.9.9, 8.8.8.8",
    // nobody knows
    "8.8.8.8 9.9.9.9,  10.0.0.3, '',      ''",
    "8.8.8.8 9.9.9.9 2600::1, 10.0.0.3, '', ''",
    "192.168.1.2,      10.0.0.3, '',      ''",
    "'',               10.0.0.3, '',      ''",
    "'',               10.0.0.3, 8.8.8.8, ''"
  })
  void isThatOfTheAddressWhichItIsAt(String routed, String own, String said, String expected) {
    Stream.of(routed.split(" ", -1))
        .filter(text -> !text.isEmpty())
        .map(UnnamedTest::host)
        .forEach(
            host -> contexts.put(host, new LazyContext(host.toString(), ANY, new TicketKeys())));

    Unnamed unnamed =
        Unnamed.of(contexts, said.isEmpty() ? Optional.empty() : Optional.of(host(said)));

    assertThat(unnamed.find(own.isEmpty() ? null : InetAddress.ofLiteral(own)))
        .isSameAs(context(expected));
  }

  private @Nullable LazyContext context(String address) {
    return address.isEmpty() ? null : contexts.get(host(address));
  }

  private static HostPattern host(String text) {
    return HostPattern.parse(text).orElseThrow();
  }
}
