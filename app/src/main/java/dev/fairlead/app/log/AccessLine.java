package dev.fairlead.app.log;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.proxy.forward.AccessLog;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** One exchange as a line. What clients sent is escaped: a line stays a line. */
public final class AccessLine {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private AccessLine() {}

  /** For programs. */
  public static String json(AccessLog.Entry entry, long epochMillis) {
    ObjectNode line = JSON.createObjectNode();
    line.put("timestamp", epochMillis);
    line.put("level", "ACCESS");
    line.put("client", entry.client());
    line.put("scheme", scheme(entry));
    line.put("method", entry.method());
    line.put("host", entry.host());
    line.put("path", entry.path());
    line.put("status", entry.status());
    line.put("requestBytes", entry.requestBytes());
    line.put("responseBytes", entry.responseBytes());
    line.put("durationMicros", entry.duration().toNanos() / 1000);
    line.put("route", entry.route());
    line.put("endpoint", entry.endpoint());
    line.put("attempts", entry.attempts());
    if (entry.detail() != null) {
      line.put("detail", entry.detail());
    }
    return line.toString();
  }

  /** For people. */
  public static String text(AccessLog.Entry entry, long epochMillis) {
    StringBuilder line = new StringBuilder(160);
    line.append(TIME.format(Instant.ofEpochMilli(epochMillis)));
    line.append(" ").append(entry.status()).append("   ");
    line.append(entry.client()).append(' ').append(printable(entry.method())).append(' ');
    line.append(scheme(entry)).append("://").append(printable(entry.host()));
    line.append(entry.path() == null ? "" : printable(entry.path()));
    line.append(' ').append(entry.duration().toMillis()).append(" ms, ");
    line.append(entry.responseBytes()).append(" B");
    if (entry.endpoint() != null) {
      line.append(", from ")
          .append(entry.endpoint())
          .append(" (")
          .append(entry.route())
          .append(')');
    }
    if (entry.attempts() > 1) {
      line.append(", at attempt ").append(entry.attempts());
    }
    if (entry.detail() != null) {
      line.append(": ").append(printable(entry.detail()));
    }
    return line.toString();
  }

  private static String scheme(AccessLog.Entry entry) {
    return entry.secure() ? "https" : "http";
  }

  private static String printable(@Nullable String text) {
    return text == null ? "-" : text.replaceAll("\\p{Cntrl}", "?");
  }
}
