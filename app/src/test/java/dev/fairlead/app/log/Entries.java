package dev.fairlead.app.log;

import dev.fairlead.proxy.forward.AccessLog.Entry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Exchanges for the log's tests. */
final class Entries {

  static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  static Entry of(String path) {
    return entry("GET", "shop.example.com", path, 1, null);
  }

  /** One that others gave names to. */
  static Entry called(String requestId, @Nullable String traceId) {
    return entry("GET", "shop.example.com", "/", 1, null, requestId, traceId);
  }

  static Entry entry(
      @Nullable String method,
      @Nullable String host,
      @Nullable String path,
      int attempts,
      @Nullable String detail) {
    return entry(method, host, path, attempts, detail, ID, ID);
  }

  private static Entry entry(
      @Nullable String method,
      @Nullable String host,
      @Nullable String path,
      int attempts,
      @Nullable String detail,
      String requestId,
      @Nullable String traceId) {
    return new Entry(
        "192.0.2.7",
        true,
        method,
        host,
        path,
        200,
        3,
        1024,
        Duration.ofNanos(12_345_678),
        method == null ? null : "shop.example.com/",
        method == null ? null : "10.0.1.5:80",
        attempts,
        detail,
        requestId,
        traceId);
  }

  private Entries() {}
}
