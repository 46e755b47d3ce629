package dev.fairlead.proxy.http;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path as a client sends it, one byte a character: its normal form is the one of RFC 3986 §6.2.2,
 * written down here by expressions and a stack; it is normal already; and the JDK's URI, where it
 * can be asked, comes to the same.
 */
public final class PathFuzzer {

  private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9._~!$&'()*+,;=:@/-]");
  private static final Pattern REFUSED =
      Pattern.compile("%(?:2f|5c|[01][0-9a-f]|7f)", Pattern.CASE_INSENSITIVE);
  private static final Pattern DOTS_WITH_PARAMETER = Pattern.compile("^\\.{1,2}(;|%3B)");
  private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");
  private static final String UNRESERVED = "[A-Za-z0-9._~-]";

  private PathFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String path = new String(input, StandardCharsets.ISO_8859_1);
    String normal = normalize(path);
    same(normal, reference(path), "the normal form");
    if (normal == null) {
      return;
    }
    same(normalize(normal), normal, "the normal form of the normal form");
    holds(normal.startsWith("/"), "a path begins at its root");
    for (String segment : normal.split("/", -1)) {
      holds(!segment.equals(".") && !segment.equals(".."), "no segment is a dot or two");
    }
    holds(!normal.toLowerCase(Locale.ROOT).matches(".*%(2f|5c|2e|00|7f).*"), "nothing is hidden");
  }

  private static @Nullable String normalize(String path) {
    try {
      return PathNormalizer.normalize(path);
    } catch (RejectedRequest e) {
      return null;
    }
  }

  private static @Nullable String reference(String path) {
    boolean plain = !OTHER.matcher(ENCODED.matcher(path).replaceAll("")).find();
    if (!plain || !path.startsWith("/")) {
      return null;
    }
    if (REFUSED.matcher(path).find()) {
      return null;
    }
    String decoded = ENCODED.matcher(path).replaceAll(PathFuzzer::decoded);
    String resolved = resolved(decoded);
    if (resolved != null && !decoded.contains("//")) {
      same(URI.create(decoded).normalize().getRawPath(), resolved, "what the JDK resolves");
    }
    return resolved;
  }

  private static String decoded(MatchResult encoded) {
    String digits = encoded.group().substring(1).toUpperCase(Locale.ROOT);
    String character = String.valueOf((char) Integer.parseInt(digits, 16));
    return character.matches(UNRESERVED) ? Matcher.quoteReplacement(character) : "%" + digits;
  }

  private static @Nullable String resolved(String path) {
    Deque<String> segments = new ArrayDeque<>();
    String last = "";
    for (String segment : path.substring(1).split("/", -1)) {
      last = segment;
      if (segment.equals("..")) {
        if (segments.isEmpty()) {
          return null;
        }
        segments.removeLast();
      } else if (DOTS_WITH_PARAMETER.matcher(segment).find()) {
        return null;
      } else if (!segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    boolean folder = last.equals(".") || last.equals("..");
    return "/" + String.join("/", segments) + (folder && !segments.isEmpty() ? "/" : "");
  }
}
