package dev.fairlead.proxy.codec.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.ConnectionEnds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that tell an app whose a connection is, as Netty reads them. */
class ProxyHeaderWriterTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 4711, 198.51.100.1, 443, TCP4, 192.0.2.7, 198.51.100.1",
    "2001:db8::7, 4711, 2001:db8::1, 80, TCP6, 2001:db8::7, 2001:db8::1",
    "192.0.2.7, 0, 2001:db8::1, 443, TCP6, ::ffff:192.0.2.7, 2001:db8::1",
    "2001:db8::7, 65535, 198.51.100.1, 443, TCP6, 2001:db8::7, ::ffff:198.51.100.1",
  })
  void bothEndsAreNamed(
      String client,
      int clientPort,
      String own,
      int ownPort,
      HAProxyProxiedProtocol protocol,
      String readClient,
      String readOwn) {
    ConnectionEnds ends =
        new ConnectionEnds(
            new InetSocketAddress(InetAddress.ofLiteral(client), clientPort),
            new InetSocketAddress(InetAddress.ofLiteral(own), ownPort));
    HAProxyMessage message = read(ends);

    assertThat(message.command()).isEqualTo(HAProxyCommand.PROXY);
    assertThat(message.proxiedProtocol()).isEqualTo(protocol);
    assertThat(address(message.sourceAddress())).isEqualTo(address(readClient));
    assertThat(address(message.destinationAddress())).isEqualTo(address(readOwn));
    assertThat(message.sourcePort()).isEqualTo(clientPort);
    assertThat(message.destinationPort()).isEqualTo(ownPort);
    message.release();
  }

  @Test
  void whoIsNotKnownIsNotNamed() {
    HAProxyMessage message = read(null);

    assertThat(message.command()).isEqualTo(HAProxyCommand.LOCAL);
    message.release();
  }

  private static HAProxyMessage read(@Nullable ConnectionEnds ends) {
    ByteBuf header = Unpooled.buffer();
    ProxyHeaderWriter.write(ends, header);
    assertThat(header.readableBytes()).isLessThanOrEqualTo(ProxyHeaderWriter.MAX_BYTES);
    EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
    channel.writeInbound(header);
    HAProxyMessage message = channel.readInbound();
    channel.finishAndReleaseAll();
    return message;
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }
}
