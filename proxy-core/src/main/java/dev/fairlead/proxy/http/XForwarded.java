package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Visitor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a trusted peer says of its visitors in {@code X-Forwarded-For}, {@code -Proto}, {@code
 * -Host} and {@code -Port}. It is hostile too until it was read: the peer may only repeat what its
 * own clients have sent.
 */
final class XForwarded {

  private XForwarded() {}

  static Visitor read(Headers headers, ClientInfo client, TrustSettings trust) {
    Boolean secure = scheme(said(headers, FieldName.X_FORWARDED_PROTO));
    return new Visitor(
        chain(headers, client.address(), trust),
        secure == null ? client.secure() : secure,
        host(said(headers, FieldName.X_FORWARDED_HOST)),
        port(headers));
  }

  private static List<String> chain(Headers headers, String peer, TrustSettings trust) {
    Chain chain = new Chain(peer, trust);
    for (int field = headers.size() - 1; field >= 0; field--) {
      if (headers.known(field) == FieldName.X_FORWARDED_FOR) {
        String[] nodes = headers.value(field).split(",", -1);
        for (int i = nodes.length - 1; i >= 0; i--) {
          if (!chain.precede(nodes[i].strip())) {
            return chain.addresses();
          }
        }
      }
    }
    return chain.addresses();
  }

  /** Whether a scheme is one by TLS; null when it is neither. */
  static @Nullable Boolean scheme(@Nullable String scheme) {
    if (scheme == null) {
      return null;
    }
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "https", "wss" -> true;
      case "http", "ws" -> false;
      default -> null;
    };
  }

  /** A host that can be passed on; null when it is none. */
  static @Nullable String host(@Nullable String host) {
    try {
      return host == null ? null : Authority.parse(host).text();
    } catch (RejectedRequest unusable) {
      return null;
    }
  }

  private static @Nullable String port(Headers headers) {
    return Optional.ofNullable(said(headers, FieldName.X_FORWARDED_PORT))
        .filter(port -> port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9'))
        .filter(port -> !port.isEmpty() && Integer.parseInt(port) <= 65_535)
        .orElse(null);
  }

  // Where several proxies appended theirs, the first is the visitor's.
  private static @Nullable String said(Headers headers, FieldName name) {
    for (int field = 0; field < headers.size(); field++) {
      if (headers.known(field) == name) {
        return headers.value(field).split(",", 2)[0].strip();
      }
    }
    return null;
  }
}
