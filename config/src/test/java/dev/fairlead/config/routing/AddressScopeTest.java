package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressScopeTest {

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8,         GLOBAL",
    "9.255.255.255,   GLOBAL",
    "10.0.0.0,        INSIDE",
    "10.255.255.255,  INSIDE",
    "11.0.0.0,        GLOBAL",
    "100.63.255.255,  GLOBAL",
    "100.64.0.0,      INSIDE",
    "100.128.0.0,     GLOBAL",
    "127.0.0.1,       INSIDE",
    "169.254.1.1,     INSIDE",
    "172.15.255.255,  GLOBAL",
    "172.16.0.1,      INSIDE",
    "172.32.0.0,      GLOBAL",
    "192.168.1.10,    INSIDE",
    "198.19.255.255,  INSIDE",
    "203.0.113.5,     INSIDE",
    "0.0.0.0,         NOBODY",
    "224.0.0.1,       NOBODY",
    "255.255.255.255, NOBODY",
    "2606:4700::1111, GLOBAL",
    "2001:db7::1,     GLOBAL",
    "2001:db8::1,     INSIDE",
    "2001:1ff::1,     INSIDE",
    "2001:200::1,     GLOBAL",
    "2002:cb00:7105::1, INSIDE",
    "3fff:0fff::1,    INSIDE",
    "::1,             INSIDE",
    "fd00::1,         INSIDE",
    "fe80::1,         INSIDE",
    "::,              NOBODY",
    "ff02::1,         NOBODY",
    "64:ff9b::1,      NOBODY",
    "4000::1,         NOBODY"
  })
  void isThatOfTheRegistries(String address, AddressScope scope) {
    assertThat(AddressScope.of(InetAddress.ofLiteral(address))).isEqualTo(scope);
  }
}
