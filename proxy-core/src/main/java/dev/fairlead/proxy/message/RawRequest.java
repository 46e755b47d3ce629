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
 */
public record RawRequest(
    Version version,
    String method,
    String target,
    @Nullable String authority,
    Headers headers,
    boolean bodyFollows) {

  /** The protocol that the client speaks. */
  public enum Version {
    HTTP_1_0,
    HTTP_1_1,
    HTTP_2
  }
}
