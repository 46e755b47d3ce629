package dev.fairlead.proxy.codec.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The time that a header has; what it may say is in {@link ProxyHeaderTest}. */
class ProxyProtocolEntryTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final List<String> begun = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  ProxyProtocolEntryTest() {
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            new ProxyProtocolEntry(
                LIMIT,
                refused::add,
                (_, source, _) -> begun.add(source.orElseThrow().getHostAddress())));
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void say(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void aHeaderThatDoesNotEndInTimeEndsTheConnection() {
    String header = "PROXY TCP4 20";
    for (int i = 0; i < 9; i++) {
      say(header.substring(i, i + 1));
      pass(LIMIT.dividedBy(10));
    }
    assertThat(channel.isOpen()).isTrue();
    pass(LIMIT.dividedBy(10));

    assertThat(channel.isOpen()).isFalse();
    assertThat(refused).containsExactly("no PROXY protocol header in time");
    assertThat(begun).isEmpty();
  }

  @Test
  void aHeaderInTimeIsTheEndOfTheLimit() {
    pass(LIMIT.dividedBy(2));
    say("PROXY TCP4 203.0.113.5 198.51.100.1 56324 443\r\n");
    pass(LIMIT);

    assertThat(channel.isOpen()).isTrue();
    assertThat(begun).containsExactly("203.0.113.5");
    assertThat(refused).isEmpty();
  }
}
