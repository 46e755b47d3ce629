package dev.fairlead.app.log;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.proxy.forward.AccessLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** For programs: an object for each exchange. */
final class JsonLines implements AccessLineFormat {

  private final Target target = new Target();
  private final JsonGenerator json;

  JsonLines() {
    try {
      json = new JsonFactoryBuilder().rootValueSeparator("").build().createGenerator(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the target does not fail
    }
  }

  @Override
  public void append(AccessLog.Entry entry, long epochMillis, StringBuilder lines) {
    target.lines = lines;
    try {
      write(entry, epochMillis);
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the target does not fail
    }
    lines.append('\n');
  }

  private void write(AccessLog.Entry entry, long epochMillis) throws IOException {
    json.writeStartObject();
    json.writeNumberField("timestamp", epochMillis);
    json.writeStringField("level", "ACCESS");
    json.writeStringField("client", entry.client());
    json.writeStringField("scheme", entry.scheme());
    json.writeStringField("method", entry.method());
    json.writeStringField("host", entry.host());
    json.writeStringField("path", entry.path());
    json.writeNumberField("status", entry.status());
    json.writeNumberField("requestBytes", entry.requestBytes());
    json.writeNumberField("responseBytes", entry.responseBytes());
    json.writeNumberField("durationMicros", entry.duration().toNanos() / 1000);
    json.writeStringField("route", entry.route());
    json.writeStringField("endpoint", entry.endpoint());
    json.writeNumberField("attempts", entry.attempts());
    json.writeStringField("requestId", entry.requestId());
    json.writeStringField("traceId", entry.traceId());
    if (entry.detail() != null) {
      json.writeStringField("detail", entry.detail());
    }
    json.writeEndObject();
  }

  private static final class Target extends Writer {
    private StringBuilder lines = new StringBuilder();

    @Override
    public void write(char[] chars, int offset, int length) {
      lines.append(chars, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
