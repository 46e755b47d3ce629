package dev.fairlead.proxy.message;

import org.jspecify.annotations.Nullable;

/**
 * A request's head in the one form that is matched, rewritten and forwarded. Only {@code
 * RequestRules} and what rewrites for the upstream make one.
 *
 * @param authority host and, if one was sent, port; what goes into the Host field
 * @param host lower case, without port
 * @param path in normal form, beginning with a slash; or {@code *} (OPTIONS only)
 * @param query from the question mark on; empty when there is none
 * @param contentLength bytes of the body; {@link #CHUNKED} when not known beforehand
 * @param upgrade the protocol that the client asks to switch to (RFC 9110 §7.8), if any
 */
public record RequestHead(
    RawRequest.Version version,
    String method,
    String authority,
    String host,
    String path,
    String query,
    Headers headers,
    long contentLength,
    @Nullable String upgrade) {

  /** A {@link #contentLength} that only the end of the body will tell. */
  public static final long CHUNKED = -1;

  public boolean hasBody() {
    return contentLength != 0;
  }

  /** Whether the same request may be sent twice (RFC 9110 §9.2.2). */
  public boolean isIdempotent() {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE" -> true;
      default -> false;
    };
  }

  /** This head with another path. */
  public RequestHead withPath(String newPath) {
    return new RequestHead(
        version, method, authority, host, newPath, query, headers, contentLength, upgrade);
  }
}
