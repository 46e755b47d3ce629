package dev.fairlead.config.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Some statuses of HTTP.
 *
 * @param ranges one or more, in the order written
 */
public record StatusRanges(List<Range> ranges) {

  /** From the first to the last of them, both included; 100 to 599. */
  public record Range(int first, int last) {

    public Range {
      if (first < 100 || last > 599 || first > last) {
        throw new IllegalArgumentException(
            "status: %d-%d (expected: 100 to 599, the smaller one first)".formatted(first, last));
      }
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  private static final Pattern RANGE = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

  public StatusRanges {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("status: none (expected: one or more)");
    }
  }

  /**
   * Reads {@code 200}, {@code 200-299} or several of them with commas between.
   *
   * @return empty when the text is something else
   */
  public static Optional<StatusRanges> parse(String text) {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = RANGE.matcher(part.strip());
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (first > last) {
        return Optional.empty();
      }
      ranges.add(new Range(first, last));
    }
    return Optional.of(new StatusRanges(ranges));
  }

  public boolean contains(int status) {
    for (Range range : ranges) {
      if (range.first <= status && status <= range.last) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
  }
}
