package dev.fairlead.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.proxy.forward.AccessLog.Entry;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class AccessLineFormatTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  @Test
  void aLineForPeopleSaysWhatHappened() {
    long millis = 1_795_000_000_007L;
    assertThat(line(new TextLines(), Entries.of("/cart"), millis))
        .isEqualTo(
            time(millis)
                + " 200   192.0.2.7 GET https://shop.example.com/cart 12 ms, 1024 B,"
                + " from 10.0.1.5:80 (shop.example.com/), id 4bf92f3577b34da6a3ce929d0e0e4736\n");
  }

  @Test
  void aLineForPeopleNamesATraceOfOthersToo() {
    assertThat(line(new TextLines(), Entries.called("a-1", "0af7651916cd43dd8448eb211c80319c"), 0))
        .endsWith(", id a-1, trace 0af7651916cd43dd8448eb211c80319c\n");
    assertThat(line(new TextLines(), Entries.called("a-1", null), 0)).endsWith(", id a-1\n");
  }

  @Test
  void eachLineHasItsOwnTime() {
    TextLines format = new TextLines();
    for (long millis :
        new long[] {1_795_000_000_999L, 1_795_000_001_000L, 1_795_000_000_120L, -1, 0}) {
      assertThat(line(format, Entries.of("/"), millis)).startsWith(time(millis) + " 200 ");
    }
  }

  @Test
  void whatFailedSaysWhy() {
    assertThat(
            line(new TextLines(), Entries.entry("GET", "a.test", "/", 3, "connection refused"), 0))
        .endsWith(
            " (shop.example.com/), at attempt 3, id " + Entries.ID + ": connection refused\n");
  }

  @Test
  void whatCouldNotBeReadIsADash() {
    assertThat(line(new TextLines(), Entries.entry(null, null, null, 1, "no request"), 0))
        .endsWith(" 192.0.2.7 - https://- 12 ms, 1024 B, id " + Entries.ID + ": no request\n");
  }

  @Test
  void aLineStaysALineWhateverTheClientSent() throws Exception {
    Entry hostile = Entries.entry("G\nT", "a\u0000b", "/\r\n2026 \u001b[31m\u0085", 1, "x\ny");

    String text = line(new TextLines(), hostile, 0);
    assertThat(text.strip()).doesNotContainPattern("\\p{Cntrl}").contains("G?T https://a?b/??2026");
    String json = line(new JsonLines(), hostile, 0);
    assertThat(json).endsWith("}\n").containsOnlyOnce("\n");
    assertThat(MAPPER.readTree(json).get("path").asText()).isEqualTo("/\r\n2026 \u001b[31m\u0085");
  }

  @Test
  void aLineForProgramsIsAnObject() throws Exception {
    JsonLines format = new JsonLines();
    line(format, Entries.of("/before"), 1);
    String line = line(format, Entries.entry("GET", "a.test", "/cart", 2, "late"), 42);

    JsonNode json = MAPPER.readTree(line);
    assertThat(line).startsWith("{\"timestamp\":42,\"level\":\"ACCESS\",");
    assertThat(json.get("client").asText()).isEqualTo("192.0.2.7");
    assertThat(json.get("scheme").asText()).isEqualTo("https");
    assertThat(json.get("method").asText()).isEqualTo("GET");
    assertThat(json.get("host").asText()).isEqualTo("a.test");
    assertThat(json.get("path").asText()).isEqualTo("/cart");
    assertThat(json.get("status").asInt()).isEqualTo(200);
    assertThat(json.get("requestBytes").asInt()).isEqualTo(3);
    assertThat(json.get("responseBytes").asInt()).isEqualTo(1024);
    assertThat(json.get("durationMicros").asInt()).isEqualTo(12_345);
    assertThat(json.get("route").asText()).isEqualTo("shop.example.com/");
    assertThat(json.get("endpoint").asText()).isEqualTo("10.0.1.5:80");
    assertThat(json.get("attempts").asInt()).isEqualTo(2);
    assertThat(json.get("requestId").asText()).isEqualTo(Entries.ID);
    assertThat(json.get("traceId").asText()).isEqualTo(Entries.ID);
    assertThat(json.get("detail").asText()).isEqualTo("late");
    assertThat(json).hasSize(17);
  }

  @Test
  void whatIsNotKnownIsNullForPrograms() throws Exception {
    JsonNode json =
        MAPPER.readTree(line(new JsonLines(), Entries.entry(null, null, null, 1, null), 0));
    assertThat(json.get("method").isNull()).isTrue();
    assertThat(json.get("endpoint").isNull()).isTrue();
    assertThat(json.has("detail")).isFalse();
    JsonNode alone = MAPPER.readTree(line(new JsonLines(), Entries.called("a-1", null), 0));
    assertThat(alone.get("traceId").isNull()).isTrue();
  }

  @Test
  void theSettingsChoose() {
    assertThat(AccessLineFormat.of(settings(LogSettings.Format.JSON)))
        .isInstanceOf(JsonLines.class);
    assertThat(AccessLineFormat.of(settings(LogSettings.Format.TEXT)))
        .isInstanceOf(TextLines.class);
  }

  private static LogSettings settings(LogSettings.Format format) {
    return new LogSettings(format, LogSettings.Level.INFO, true);
  }

  private static String line(AccessLineFormat format, Entry entry, long millis) {
    StringBuilder line = new StringBuilder();
    format.append(entry, millis, line);
    return line.toString();
  }

  private static String time(long millis) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS")
        .withZone(ZoneId.systemDefault())
        .format(Instant.ofEpochMilli(millis));
  }
}
