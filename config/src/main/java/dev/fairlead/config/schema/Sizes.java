package dev.fairlead.config.schema;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 8KiB} are 8192, {@code 10MB} ten million. */
final class Sizes {

  private record Unit(String name, long bytes) {}

  /** The largest first. */
  private static final List<Unit> UNITS =
      List.of(
          new Unit("GiB", 1L << 30),
          new Unit("GB", 1_000_000_000),
          new Unit("MiB", 1 << 20),
          new Unit("MB", 1_000_000),
          new Unit("KiB", 1 << 10),
          new Unit("KB", 1000),
          new Unit("B", 1));

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(B|KB|KiB|MB|MiB|GB|GiB)");

  private Sizes() {}

  static Optional<Long> parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(match.group(1));
    return UNITS.stream()
        .filter(unit -> unit.name.equals(match.group(2)))
        .findFirst()
        .map(unit -> amount * unit.bytes);
  }

  /** The same in the largest unit of which it is a whole number. */
  static String format(long bytes) {
    Unit largest =
        UNITS.stream()
            .filter(unit -> bytes >= unit.bytes && bytes % unit.bytes == 0)
            .findFirst()
            .orElse(UNITS.getLast());
    return bytes / largest.bytes + largest.name;
  }
}
