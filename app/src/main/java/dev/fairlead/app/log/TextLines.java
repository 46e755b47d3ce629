package dev.fairlead.app.log;

import dev.fairlead.proxy.forward.AccessLog;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** For people: a sentence for each exchange. */
final class TextLines implements AccessLineFormat {

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.").withZone(ZoneId.systemDefault());

  // Thousands of lines are of one second.
  private long second = Long.MIN_VALUE;
  private String secondText = "";

  @Override
  public void append(AccessLog.Entry entry, long epochMillis, StringBuilder lines) {
    appendTime(epochMillis, lines);
    lines.append(' ').append(entry.status()).append("   ").append(entry.client()).append(' ');
    appendPrintable(entry.method(), lines);
    lines.append(' ').append(entry.scheme()).append("://");
    appendPrintable(entry.host(), lines);
    if (entry.path() != null) {
      appendPrintable(entry.path(), lines);
    }
    lines.append(' ').append(entry.duration().toMillis()).append(" ms, ");
    lines.append(entry.responseBytes()).append(" B");
    if (entry.endpoint() != null) {
      lines.append(", from ").append(entry.endpoint());
      lines.append(" (").append(entry.route()).append(')');
    }
    if (entry.attempts() > 1) {
      lines.append(", at attempt ").append(entry.attempts());
    }
    lines.append(", id ").append(entry.requestId());
    if (entry.traceId() != null && !entry.traceId().equals(entry.requestId())) {
      lines.append(", trace ").append(entry.traceId());
    }
    if (entry.detail() != null) {
      lines.append(": ");
      appendPrintable(entry.detail(), lines);
    }
    lines.append('\n');
  }

  private void appendTime(long epochMillis, StringBuilder lines) {
    long now = Math.floorDiv(epochMillis, 1000L);
    if (now != second) {
      second = now;
      secondText = SECOND.format(Instant.ofEpochSecond(now));
    }
    int millis = Math.floorMod(epochMillis, 1000);
    lines.append(secondText);
    lines.append((char) ('0' + millis / 100));
    lines.append((char) ('0' + millis / 10 % 10));
    lines.append((char) ('0' + millis % 10));
  }

  private static void appendPrintable(@Nullable String text, StringBuilder lines) {
    if (text == null) {
      lines.append('-');
      return;
    }
    int start = lines.length();
    lines.append(text);
    for (int i = start; i < lines.length(); i++) {
      if (Character.isISOControl(lines.charAt(i))) {
        lines.setCharAt(i, '?');
      }
    }
  }
}
