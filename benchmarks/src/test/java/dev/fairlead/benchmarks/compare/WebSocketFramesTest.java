package dev.fairlead.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WebSocketFramesTest {

  private final EmbeddedChannel channel = new EmbeddedChannel(new WebSocketFrames());

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
  }

  private String read() {
    ByteBuf payload = channel.readInbound();
    try {
      return payload.toString(StandardCharsets.US_ASCII);
    } finally {
      payload.release();
    }
  }

  @Test
  void readsPlainAndMaskedFramesByteForByte() {
    ByteBuf both = bytes("820548656c6c6f" + "828537fa213d7f9f4d5158");
    while (both.isReadable()) {
      channel.writeInbound(both.readBytes(1));
    }
    both.release();
    assertThat(read()).isEqualTo("Hello");
    assertThat(read()).isEqualTo("Hello");
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> channel.writeInbound(bytes("8100")))
        .isInstanceOf(DecoderException.class)
        .hasMessageContaining("81");
    assertThatThrownBy(() -> channel.writeInbound(bytes("827e0100")))
        .isInstanceOf(DecoderException.class);
  }

  @Test
  void answersAKeyAsTheStandardDoes() {
    // RFC 6455 §1.3
    assertThat(WebSocketFrames.accept("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }
}
