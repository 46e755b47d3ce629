package dev.fairlead.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadReaderTest {

  @Test
  void handsOverTheHeadAndLeavesWhatFollows() {
    List<String> heads = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(new HeadReader((context, head) -> heads.add(head)));
    for (String part : List.of("HTTP/1.1 101 Yes\r\nUpgrade: a\r", "\n\r\nrest")) {
      channel.writeInbound(Unpooled.copiedBuffer(part, StandardCharsets.US_ASCII));
    }
    assertThat(heads).containsExactly("HTTP/1.1 101 Yes\r\nUpgrade: a");
    assertThat(HeadReader.field(heads.getFirst(), "upgrade")).isEqualTo("a");
    assertThat(HeadReader.field(heads.getFirst(), "connection")).isEmpty();
    ByteBuf rest = channel.readInbound();
    assertThat(rest.toString(StandardCharsets.US_ASCII)).isEqualTo("rest");
    rest.release();
  }
}
