package dev.fairlead.acme.dns;

import java.time.Duration;

/**
 * How DNS servers are asked.
 *
 * @param port of the authoritative servers
 * @param udpLimit for an answer by UDP; then it is asked by TCP
 * @param tcpLimit for connection and answer by TCP
 * @param pause between two looks at servers that do not have a record yet
 */
public record DnsNetwork(int port, Duration udpLimit, Duration tcpLimit, Duration pause) {

  /** The world's. */
  public static final DnsNetwork NORMAL =
      new DnsNetwork(53, Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(2));
}
