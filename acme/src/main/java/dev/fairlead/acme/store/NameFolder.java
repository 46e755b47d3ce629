package dev.fairlead.acme.store;

import dev.fairlead.config.routing.HostPattern;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folder of a name, for what has to do with all that are stored: of one that was cut the host
 * is not known any more.
 *
 * @param text what it is called
 */
public record NameFolder(String text) {

  private static final Pattern CUT = Pattern.compile(".{150}-[0-9a-f]{16}");

  /** That of a host that can be stored. */
  public static NameFolder of(HostPattern host) {
    return new NameFolder(FileNames.of(host));
  }

  /** Empty for a folder that is not one of ours. */
  static Optional<NameFolder> parse(String folder) {
    return FileNames.host(folder).isPresent() || CUT.matcher(folder).matches()
        ? Optional.of(new NameFolder(folder))
        : Optional.empty();
  }

  /** Whose it is; empty where its name was cut. */
  public Optional<HostPattern> host() {
    return FileNames.host(text);
  }

  /** What guards all that is in it. */
  public LockName lock() {
    return new LockName(text);
  }

  @Override
  public String toString() {
    return host().map(HostPattern::toString).orElse(text);
  }
}
