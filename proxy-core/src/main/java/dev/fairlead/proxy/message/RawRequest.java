package dev.fairlead.proxy.message;

import org.jspecify.annotations.Nullable;

/**
 * A request's head as its codec read it, before any rule was applied to it.
 *
 * @param method as sent; methods are case-sensitive (RFC 9110 §9.1)
 * @param target the request target of HTTP/1 (RFC 9112 §3.2) or {@code :path} of HTTP/2
 * @param authority {@code :authority} of HTTP/2; null with HTTP/1
 * @param headers without pseudo-headers
 * @param bodyFollows whether anything comes after the head
 * @param protocol what a CONNECT of HTTP/2 asks to be connected to (RFC 8441 §4); null with any
 *     other
 */
public record RawRequest(
    Version version,
    String method,
    String target,
    @Nullable String authority,
    Headers headers,
    boolean bodyFollows,
    @Nullable String protocol) {

  /** A request that asks for no other protocol, or does so in a field. */
  public RawRequest(
      Version version,
      String method,
      String target,
      @Nullable String authority,
      Headers headers,
      boolean bodyFollows) {
    this(version, method, target, authority, headers, bodyFollows, null);
  }

  /** The protocol that the client speaks. */
  public enum Version {
    HTTP_1_0,
    HTTP_1_1,
    HTTP_2
  }
}
