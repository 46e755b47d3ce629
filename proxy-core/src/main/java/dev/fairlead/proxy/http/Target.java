package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.RawRequest;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a request target in origin, absolute or asterisk form (RFC 9112 §3.2).
 *
 * @param authority of an absolute form; else null
 * @param path not yet in normal form
 * @param query from the question mark on, or empty
 */
record Target(@Nullable String authority, String path, String query) {

  static Target parse(RawRequest raw) throws RejectedRequest {
    String target = raw.target();
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw RequestRules.bad("character that is not allowed in a target");
      }
    }
    if (target.equals("*") && raw.method().equals("OPTIONS")) {
      return new Target(null, "*", "");
    }
    if (target.startsWith("/")) {
      return split(null, target);
    }
    return absolute(target);
  }

  private static Target absolute(String target) throws RejectedRequest {
    int start =
        target.regionMatches(true, 0, "http://", 0, 7)
            ? 7
            : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    if (start < 0) {
      throw RequestRules.bad("target is neither a path nor an http address");
    }
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    String rest = target.substring(end);
    return split(target.substring(start, end), rest.startsWith("/") ? rest : "/" + rest);
  }

  private static Target split(@Nullable String authority, String pathAndQuery) {
    int question = pathAndQuery.indexOf('?');
    return question < 0
        ? new Target(authority, pathAndQuery, "")
        : new Target(
            authority, pathAndQuery.substring(0, question), pathAndQuery.substring(question));
  }
}
