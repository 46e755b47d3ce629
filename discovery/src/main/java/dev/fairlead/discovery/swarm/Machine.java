package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tells this process which task it is.
 *
 * @param addresses of all interfaces, in digits
 * @param hostname without a domain
 */
record Machine(Set<String> addresses, String hostname) {

  private static final Logger log = LoggerFactory.getLogger(Machine.class);

  Machine {
    addresses = Set.copyOf(addresses);
  }

  /** The machine, or container, that this process runs on, at this moment. */
  static Machine current() {
    return new Machine(currentAddresses(), currentHostname());
  }

  private static Set<String> currentAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress())
          .map(InetAddress::getHostAddress)
          // An IPv6 address may carry the name of its interface: fe80::1%eth0.
          .map(address -> address.split("%", 2)[0])
          .collect(Collectors.toSet());
    } catch (SocketException e) {
      log.debug("The addresses of this machine cannot be read.", e);
      return Set.of();
    }
  }

  /** Without a look-up in the DNS, which may take long. */
  private static String currentHostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      log.debug("The name of this machine cannot be read.", e);
      return "";
    }
  }
}
