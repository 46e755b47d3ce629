package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.routing.IpAddress;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By whom a request was passed on, and for whom: as the peer says when it is trusted ({@link
 * TrustSettings}), and else the peer itself. What a trusted peer says is hostile too until it was
 * read: it may only repeat what its own clients have sent.
 *
 * @param client the connection that the request came by
 * @param visitor address of the one who asks: the last in the chain that is not trusted
 * @param chain of addresses, the visitor first, the peer last; as {@code X-Forwarded-For} has them
 * @param secure whether the visitor's own connection is TLS, as far as is known
 * @param host that the visitor asked for, with its port if it named one; null when only the request
 *     itself says
 * @param port that the visitor asked at; null when only {@code host} and {@code secure} say
 */
public record Forwarding(
    ClientInfo client,
    String visitor,
    String chain,
    boolean secure,
    @Nullable String host,
    @Nullable String port) {

  /** The last of a chain; what stands before them is left out. */
  private static final int MAX_ADDRESSES = 32;

  /** Of a request that came by this connection; to be read before any field is removed. */
  public static Forwarding of(Headers headers, ClientInfo client, TrustSettings trust) {
    return client.trusted()
        ? read(headers, client, trust)
        : new Forwarding(client, client.address(), client.address(), client.secure(), null, null);
  }

  /** Whether nobody but the peer is known. */
  boolean isDirect() {
    return !client.trusted();
  }

  private static Forwarding read(Headers headers, ClientInfo client, TrustSettings trust) {
    Deque<String> chain = chain(headers, client.address(), trust);
    return new Forwarding(
        client,
        chain.getFirst(),
        String.join(", ", chain),
        secure(headers).orElse(client.secure()),
        host(headers).orElse(null),
        port(headers).orElse(null));
  }

  // From the end: each proxy appends the one it was asked by. What stands before the first that is
  // not trusted, or before what cannot be read, is anybody's invention.
  private static Deque<String> chain(Headers headers, String peer, TrustSettings trust) {
    Deque<String> chain = new ArrayDeque<>(List.of(peer));
    for (int field = headers.size() - 1; field >= 0; field--) {
      if (headers.known(field) == FieldName.X_FORWARDED_FOR) {
        String[] parts = headers.value(field).split(",", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
          Optional<String> address = address(parts[i].strip());
          if (address.isEmpty() || chain.size() > MAX_ADDRESSES) {
            return chain;
          }
          chain.addFirst(address.get());
          if (!trust.includes(InetAddress.ofLiteral(address.get()))) {
            return chain;
          }
        }
      }
    }
    return chain;
  }

  /** An address in digits, without the port that some proxies write behind it. */
  private static Optional<String> address(String text) {
    int colon = text.indexOf(':');
    boolean withPort = colon >= 0 && colon == text.lastIndexOf(':');
    int bracket = text.indexOf(']');
    String bare = text;
    if (text.startsWith("[") && bracket > 0) {
      bare = text.substring(1, bracket);
    } else if (withPort) {
      bare = text.substring(0, colon);
    }
    return IpAddress.normal(bare);
  }

  private static Optional<Boolean> secure(Headers headers) {
    return said(headers, FieldName.X_FORWARDED_PROTO)
        .map(scheme -> scheme.toLowerCase(Locale.ROOT))
        .flatMap(
            scheme ->
                switch (scheme) {
                  case "https", "wss" -> Optional.of(true);
                  case "http", "ws" -> Optional.of(false);
                  default -> Optional.empty();
                });
  }

  private static Optional<String> host(Headers headers) {
    Optional<String> host = said(headers, FieldName.X_FORWARDED_HOST);
    try {
      return host.isEmpty() ? host : Optional.of(Authority.parse(host.get()).text());
    } catch (RejectedRequest unusable) {
      return Optional.empty();
    }
  }

  private static Optional<String> port(Headers headers) {
    return said(headers, FieldName.X_FORWARDED_PORT)
        .filter(port -> port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9'))
        .filter(port -> !port.isEmpty() && Integer.parseInt(port) <= 65_535);
  }

  // Where several proxies appended theirs, the first is the visitor's.
  private static Optional<String> said(Headers headers, FieldName name) {
    for (int field = 0; field < headers.size(); field++) {
      if (headers.known(field) == name) {
        return Optional.of(headers.value(field).split(",", 2)[0].strip());
      }
    }
    return Optional.empty();
  }
}
