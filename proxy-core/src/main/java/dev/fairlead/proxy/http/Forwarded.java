package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Visitor;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code Forwarded} (RFC 7239): read where a trusted peer says it of its visitors, and
 * written for apps.
 */
final class Forwarded {

  private Forwarded() {}

  /**
   * Reads it from its end, element by element; each is what one proxy says of the one that asked
   * it. So whatever a visitor sent, and be it an open quote, spoils nothing of what stands behind.
   */
  static Visitor read(Headers headers, ClientInfo client, TrustSettings trust) {
    Reader reader = new Reader(new Chain(client.address(), trust));
    for (int field = headers.size() - 1; field >= 0; field--) {
      if (headers.known(field) == FieldName.FORWARDED && !reader.list(headers.value(field))) {
        break;
      }
    }
    return reader.visitor(client);
  }

  private static final class Reader {

    private final Chain chain;
    private @Nullable Boolean secure;
    private @Nullable String host;

    Reader(Chain chain) {
      this.chain = chain;
    }

    /** Whether what stands before it is believed, too. */
    boolean list(String list) {
      for (int end = list.length(); end >= 0; ) {
        int start = elementStart(list, end);
        String element = list.substring(start, end);
        // Lists may have empty ones (RFC 9110 §5.6.1).
        if (!element.isBlank() && !element(ForwardedElement.parse(element))) {
          return false;
        }
        end = start - 1;
      }
      return true;
    }

    private boolean element(@Nullable ForwardedElement element) {
      if (element == null) {
        return false;
      }
      // Of several that are believed the first is of the visitor's own proxy.
      if (element.secure() != null) {
        secure = element.secure();
      }
      if (element.host() != null) {
        host = element.host();
      }
      return element.node() != null && chain.precede(element.node());
    }

    Visitor visitor(ClientInfo client) {
      boolean byTls = secure == null ? client.secure() : secure;
      return new Visitor(chain.addresses(), byTls, host, null);
    }
  }

  // Behind the last comma that is in no quoted string (RFC 9110 §5.6.4).
  private static int elementStart(String list, int end) {
    boolean quoted = false;
    for (int i = end - 1; i >= 0; i--) {
      char c = list.charAt(i);
      if (c == '"' && !(quoted && isEscaped(list, i))) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        return i + 1;
      }
    }
    return 0;
  }

  private static boolean isEscaped(String list, int at) {
    int backslash = at;
    while (backslash > 0 && list.charAt(backslash - 1) == '\\') {
      backslash--;
    }
    return (at - backslash) % 2 == 1;
  }

  /**
   * Writes it for an app: an element for each address of the chain; scheme and host belong to the
   * visitor, who is in the first.
   *
   * @param host of the request itself, for when nobody else names one
   */
  static String write(Visitor visitor, String host) {
    StringBuilder list = new StringBuilder(96);
    for (String address : visitor.chain()) {
      boolean first = list.isEmpty();
      list.append(first ? "for=" : ", for=");
      appendNode(address, list);
      if (first) {
        list.append(visitor.secure() ? ";proto=https;host=" : ";proto=http;host=");
        appendHost(visitor.host() == null ? host : visitor.host(), list);
      }
    }
    return list.toString();
  }

  private static void appendNode(String address, StringBuilder list) {
    if (address.indexOf(':') < 0) {
      list.append(address);
    } else {
      list.append("\"[").append(address).append("]\"");
    }
  }

  // A colon is in no token. What else a host has needs no escape.
  private static void appendHost(String host, StringBuilder list) {
    if (host.indexOf(':') < 0) {
      list.append(host);
    } else {
      list.append('"').append(host).append('"');
    }
  }
}
