package dev.fairlead.config.routing;

import java.util.Optional;

/**
 * How the endpoints of a cluster are spoken to.
 *
 * @param tls there if and only if the scheme has TLS
 * @param proxyProtocol whether a connection begins with a header that names the client; then it is
 *     made for that client alone, so never with HTTP/2
 */
public record UpstreamSpec(Scheme scheme, Optional<UpstreamTls> tls, boolean proxyProtocol) {

  /** HTTP/1.1 and nothing else, as most apps want it. */
  public static final UpstreamSpec PLAIN = new UpstreamSpec(Scheme.HTTP, Optional.empty(), false);

  public UpstreamSpec {
    if (scheme.isTls() != tls.isPresent()) {
      throw new IllegalArgumentException(
          "scheme: %s %s TLS (expected: https and h2 with it, the others without)"
              .formatted(scheme, tls.isPresent() ? "with" : "without"));
    }
    if (scheme.isHttp2() && proxyProtocol) {
      throw new IllegalArgumentException(
          "scheme: %s with the PROXY protocol (expected: http or https)".formatted(scheme));
    }
  }
}
