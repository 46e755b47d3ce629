package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.Octets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One element of {@code Forwarded} (RFC 7239 §4). Parameters that say nothing here ({@code by}, and
 * those that are not known) are read over.
 *
 * @param node whom the proxy was asked by, as it wrote it; null when it does not say
 * @param secure whether by TLS; null when it does not say, or neither
 * @param host for which; null when it does not say, or what is no host
 */
record ForwardedElement(@Nullable String node, @Nullable Boolean secure, @Nullable String host) {

  /** Reads an element; null when it is not in the form of the RFC, blanks aside. */
  static @Nullable ForwardedElement parse(String text) {
    return new Parser(text).element();
  }

  private static final class Parser {

    private final String text;
    private int at;
    private @Nullable String node;
    private @Nullable String scheme;
    private @Nullable String host;

    Parser(String text) {
      this.text = text;
    }

    @Nullable ForwardedElement element() {
      do {
        blanks();
        if (at < text.length() && text.charAt(at) != ';') {
          if (!pair()) {
            return null;
          }
          blanks();
        }
      } while (next(';'));
      return at < text.length()
          ? null
          : new ForwardedElement(node, XForwarded.scheme(scheme), XForwarded.host(host));
    }

    // None of them may be there twice.
    private boolean pair() {
      String name = token();
      if (name.isEmpty() || !next('=')) {
        return false;
      }
      String value = next('"') ? quoted() : token();
      if (value == null || value.isEmpty()) {
        return false;
      }
      switch (name.toLowerCase(Locale.ROOT)) {
        case "for" -> {
          if (node != null) {
            return false;
          }
          node = value;
        }
        case "proto" -> {
          if (scheme != null) {
            return false;
          }
          scheme = value;
        }
        case "host" -> {
          if (host != null) {
            return false;
          }
          host = value;
        }
        default -> {}
      }
      return true;
    }

    private String token() {
      int start = at;
      while (at < text.length() && isToken(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at);
    }

    // The opening quote was read.
    private @Nullable String quoted() {
      StringBuilder value = new StringBuilder();
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '"') {
          return value.toString();
        }
        if (c == '\\') {
          if (at == text.length()) {
            return null;
          }
          c = text.charAt(at++);
        }
        value.append(c);
      }
      return null;
    }

    private boolean next(char expected) {
      boolean there = at < text.length() && text.charAt(at) == expected;
      if (there) {
        at++;
      }
      return there;
    }

    private void blanks() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }

    private static boolean isToken(char c) {
      return c < 0x80 && Octets.isToken((byte) c);
    }
  }
}
