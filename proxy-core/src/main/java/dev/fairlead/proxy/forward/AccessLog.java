package dev.fairlead.proxy.forward;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where ended exchanges are told. Called on event loops: must not wait. */
@FunctionalInterface
public interface AccessLog {

  void ended(Entry entry);

  /**
   * One exchange. No query and no header values: they may be secrets.
   *
   * @param client address in digits: of the peer, or of whom a trusted peer names
   * @param method null, like host and path, when the request could not be read
   * @param status 0 when the client left before it was answered
   * @param requestBytes of the body
   * @param responseBytes of the body
   * @param endpoint the address that answered; null when none did
   * @param attempts how many endpoints were tried
   * @param detail why it failed, for the operator; null when it did not
   * @param requestId the value of {@code X-Request-Id}, as the app and the client were told
   * @param traceId of the trace that it is a part of (W3C Trace Context); null when of none
   */
  record Entry(
      String client,
      boolean secure,
      @Nullable String method,
      @Nullable String host,
      @Nullable String path,
      int status,
      long requestBytes,
      long responseBytes,
      Duration duration,
      @Nullable String route,
      @Nullable String endpoint,
      int attempts,
      @Nullable String detail,
      String requestId,
      @Nullable String traceId) {

    /** {@code https} or {@code http}. */
    public String scheme() {
      return secure ? "https" : "http";
    }
  }
}
