package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which header fields cross the proxy. Fields about one connection stay on it (RFC 9110 §7.6.1);
 * fields that the proxy owns are removed in every spelling and set by it.
 */
public final class FieldRules {

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /** What apps believe of a proxy; so nobody but the proxy may say it. */
  private static final Set<String> OWNED =
      Set.of(
          "forwarded",
          "x-forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-forwarded-prefix",
          "x-forwarded-scheme",
          "x-forwarded-server",
          "x-forwarded-ssl",
          "x-real-ip",
          "proxy");

  /** Fields that {@code Connection} may not name: it would let a client remove them. */
  private static final Set<String> PROTECTED =
      Set.of("host", "content-length", "content-type", "cookie", "authorization");

  /** Fields that say what must be known before the body (RFC 9110 §6.5.1). */
  private static final Set<String> NEVER_TRAILERS =
      Set.of(
          "authorization",
          "content-encoding",
          "content-length",
          "content-range",
          "content-type",
          "cookie",
          "host",
          "set-cookie",
          "trailer");

  private FieldRules() {}

  /** Makes the head that goes to the endpoint out of the one that came; changes its headers. */
  public static RequestHead toUpstream(RequestHead head, ClientInfo client, String path) {
    Headers headers = head.headers();
    boolean trailers = headers.hasToken("te", "trailers");
    removeConnectionFields(headers);
    headers.removeIf((name, value) -> OWNED.contains(canonical(name)));
    headers.remove("host");
    headers.remove("content-length");
    headers.set("Host", head.authority());
    headers.add("X-Forwarded-For", client.address());
    headers.add("X-Forwarded-Proto", client.secure() ? "https" : "http");
    headers.add("X-Forwarded-Host", head.authority());
    if (trailers) {
      headers.add("TE", "trailers");
    }
    if (head.upgrade() != null) {
      headers.add("Connection", "Upgrade");
      headers.add("Upgrade", head.upgrade());
    }
    return head.withPath(path);
  }

  /** Removes from a response what is about the connection to the endpoint only. */
  public static void toClient(Headers headers) {
    removeConnectionFields(headers);
  }

  /**
   * Removes from the fields behind a body what may stand only before it, and what is the proxy's.
   */
  public static void trailers(Headers trailers) {
    trailers.removeIf(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          return HOP_BY_HOP.contains(lower)
              || NEVER_TRAILERS.contains(lower)
              || OWNED.contains(canonical(name));
        });
  }

  private static void removeConnectionFields(Headers headers) {
    Set<String> named = new HashSet<>();
    headers.forEach(
        (name, value) -> {
          if (name.equalsIgnoreCase("connection")) {
            for (String token : value.split(",", -1)) {
              named.add(token.strip().toLowerCase(Locale.ROOT));
            }
          }
        });
    named.removeAll(PROTECTED);
    headers.removeIf(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          return HOP_BY_HOP.contains(lower) || named.contains(lower);
        });
  }

  // Many apps read X_Forwarded_For and X-Forwarded-For as the same (CGI's variable names).
  private static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
