package dev.fairlead.proxy.server;

import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.tls.CertificateIndex;
import dev.fairlead.proxy.tls.TlsChallenges;
import dev.fairlead.proxy.tls.TlsEntry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a new connection begins with, by the port that it came to. */
final class ClientConnections {

  private ClientConnections() {}

  static ChannelInitializer<Channel> plain(Connections connections, ServerPipelines pipelines) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        connections.add(channel);
        pipelines.http1(channel.pipeline(), info(channel, false, null));
      }
    };
  }

  static ChannelInitializer<Channel> tls(
      Connections connections,
      ServerPipelines pipelines,
      CertificateIndex certificates,
      TlsChallenges challenges,
      Duration handshakeTimeout) {
    TlsEntry.Next next =
        (pipeline, http2, serverName) -> {
          ClientInfo client = info(pipeline.channel(), true, serverName);
          if (http2) {
            pipelines.http2(pipeline, client);
          } else {
            pipelines.http1(pipeline, client);
          }
        };
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        connections.add(channel);
        channel.pipeline().addLast(new TlsEntry(certificates, challenges, handshakeTimeout, next));
      }
    };
  }

  private static ClientInfo info(Channel channel, boolean secure, @Nullable String serverName) {
    return new ClientInfo(address(channel.remoteAddress()), secure, serverName);
  }

  // In digits; without the name of a local interface (%eth0), which is of no use elsewhere.
  private static String address(@Nullable SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress peer)) {
      return "unknown";
    }
    String address = peer.getAddress().getHostAddress();
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }
}
