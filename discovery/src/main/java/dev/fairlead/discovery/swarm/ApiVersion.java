package dev.fairlead.discovery.swarm;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version of the Docker Engine API. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {

  /**
   * The newest one this program speaks, that of engine 29. An engine refuses what is older than its
   * own minimum (1.44 in engine 29) and what is newer than itself.
   */
  static final ApiVersion OURS = new ApiVersion(1, 52);

  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /**
   * Reads {@code 1.41}.
   *
   * @return empty when the text is no version
   */
  static Optional<ApiVersion> parse(@Nullable String text) {
    Matcher match = FORM.matcher(text == null ? "" : text.strip());
    return match.matches()
        ? Optional.of(
            new ApiVersion(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2))))
        : Optional.empty();
  }

  /**
   * What a path begins with at an engine.
   *
   * @param theirs the newest version the engine speaks; empty when it does not say, and then the
   *     path without a version leaves the choice to it
   */
  static String prefix(Optional<ApiVersion> theirs) {
    return theirs
        .map(version -> "/v" + (ORDER.compare(version, OURS) < 0 ? version : OURS))
        .orElse("");
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
