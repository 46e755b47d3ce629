import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a host is, as its DNS would say it: one address or several. Who is refused at one goes to
 * the next, as browsers do, and stays there. Thread-safe.
 */
final class Addresses {
  private final List<InetSocketAddress> all = new ArrayList<>();
  private final String host;
  private final Path hosts;
  private int current;

  /**
   * @param list {@code ADDRESS[:PORT],…}
   * @param hosts a file that the JDK looks names up in
   */
  Addresses(String list, String host, Path hosts) {
    this.host = host;
    this.hosts = hosts;
    for (String each : list.split(",")) {
      String[] parts = each.split(":");
      int port = parts.length > 1 ? Integer.parseInt(parts[1]) : 443;
      all.add(new InetSocketAddress(parts[0], port));
    }
    publish();
  }

  int count() {
    return all.size();
  }

  synchronized InetSocketAddress current() {
    return all.get(current);
  }

  /** Goes on to the next one, unless somebody has already left this one. */
  synchronized void leave(InetSocketAddress refused) {
    if (refused.equals(all.get(current))) {
      current = (current + 1) % all.size();
      publish();
    }
  }

  private void publish() {
    try {
      Path next = hosts.resolveSibling(hosts.getFileName() + ".next");
      Files.writeString(next, all.get(current).getAddress().getHostAddress() + " " + host + "\n");
      Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
