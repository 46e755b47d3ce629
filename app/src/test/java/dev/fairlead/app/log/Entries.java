package dev.fairlead.app.log;

import dev.fairlead.proxy.forward.AccessLog.Entry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Exchanges for the log's tests. */
final class Entries {

  static Entry of(String path) {
    return entry("GET", "shop.example.com", path, 1, null);
  }

  static Entry entry(
      @Nullable String method,
      @Nullable String host,
      @Nullable String path,
      int attempts,
      @Nullable String detail) {
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
        detail);
  }

  private Entries() {}
}
