package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import org.jspecify.annotations.Nullable;

/** The cookies of a request (RFC 6265 §4.2). */
public final class Cookies {

  private Cookies() {}

  /**
   * The value of the first cookie of that name, as it was sent; null when there is none. Names are
   * told apart by the case of their letters (RFC 6265 §5.4). Whatever is no cookie is passed over.
   */
  public static @Nullable String find(Headers headers, String name) {
    if (!headers.has(FieldName.COOKIE)) {
      return null;
    }
    for (int field = 0; field < headers.size(); field++) {
      if (headers.known(field) == FieldName.COOKIE) {
        String found = find(headers.value(field), name);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static @Nullable String find(String cookies, String name) {
    int at = 0;
    while (at < cookies.length()) {
      int semicolon = cookies.indexOf(';', at);
      int end = semicolon < 0 ? cookies.length() : semicolon;
      while (at < end && isBlank(cookies.charAt(at))) {
        at++;
      }
      int value = at + name.length() + 1;
      if (value <= end && cookies.startsWith(name, at) && cookies.charAt(value - 1) == '=') {
        return trimmed(cookies, value, end);
      }
      at = end + 1;
    }
    return null;
  }

  private static String trimmed(String cookies, int from, int to) {
    int begin = from;
    int end = to;
    while (begin < end && isBlank(cookies.charAt(begin))) {
      begin++;
    }
    while (begin < end && isBlank(cookies.charAt(end - 1))) {
      end--;
    }
    return cookies.substring(begin, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
