package dev.fairlead.config.routing;

/** What is spoken to the tasks of a service. */
public enum Scheme {
  /** HTTP/1.1. */
  HTTP(false, false),
  /** HTTP/1.1 over TLS. */
  HTTPS(true, false),
  /** HTTP/2 without TLS, by prior knowledge (RFC 9113 §3.3). */
  H2C(false, true),
  /** HTTP/2 over TLS. */
  H2(true, true);

  private final boolean tls;
  private final boolean http2;

  Scheme(boolean tls, boolean http2) {
    this.tls = tls;
    this.http2 = http2;
  }

  public boolean isTls() {
    return tls;
  }

  /** Whether it is HTTP/2, where one connection carries many requests. */
  public boolean isHttp2() {
    return http2;
  }
}
