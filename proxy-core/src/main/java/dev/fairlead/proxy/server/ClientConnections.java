package dev.fairlead.proxy.server;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyProtocolEntry;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.tls.CertificateIndex;
import dev.fairlead.proxy.tls.TlsChallenges;
import dev.fairlead.proxy.tls.TlsEntry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a new connection begins with, by the port that it came to and by whom it comes from.
 * Thread-safe.
 *
 * @param trust which peers are proxies that are believed what they say of their clients
 */
record ClientConnections(
    Connections connections,
    ServerPipelines pipelines,
    TrustSettings trust,
    TimeoutSettings timeouts,
    RareWarning refused) {

  /** Goes on with a connection once it is known whose it is. */
  @FunctionalInterface
  private interface Next {
    void begin(ChannelPipeline pipeline, @Nullable InetAddress client);
  }

  ChannelInitializer<Channel> plain() {
    return beginning((pipeline, client) -> pipelines.http1(pipeline, info(client, false, null)));
  }

  ChannelInitializer<Channel> tls(CertificateIndex certificates, TlsChallenges challenges) {
    return beginning(
        (pipeline, client) ->
            pipeline.addLast(
                new TlsEntry(
                    certificates,
                    challenges,
                    timeouts.handshake(),
                    (after, http2, serverName) ->
                        agreed(after, http2, info(client, true, serverName)))));
  }

  private void agreed(ChannelPipeline pipeline, boolean http2, ClientInfo client) {
    if (http2) {
      pipelines.http2(pipeline, client);
    } else {
      pipelines.http1(pipeline, client);
    }
  }

  private ChannelInitializer<Channel> beginning(Next next) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        InetAddress peer =
            channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : null;
        boolean trusted = peer != null && trust.includes(peer);
        if (!connections.add(channel, trusted ? null : peer)) {
          return;
        }
        if (peer != null && trusted && trust.proxyProtocol()) {
          channel.pipeline().addLast(header(peer, next));
        } else {
          next.begin(channel.pipeline(), peer);
        }
      }
    };
  }

  private ProxyProtocolEntry header(InetAddress peer, Next next) {
    return new ProxyProtocolEntry(
        timeouts.header(),
        reason ->
            refused.tell(
                "a connection of %s was closed: %s (expected: a PROXY protocol header, as"
                        .formatted(peer.getHostAddress(), reason)
                    + " trusted.proxy-protocol says of the networks in trusted.networks)"),
        (pipeline, source) -> next.begin(pipeline, source.orElse(peer)));
  }

  private ClientInfo info(
      @Nullable InetAddress client, boolean secure, @Nullable String serverName) {
    return client == null
        ? new ClientInfo("unknown", secure, serverName)
        : new ClientInfo(digits(client), secure, serverName, trust.includes(client));
  }

  // Without the name of a local interface (%eth0), which is of no use elsewhere.
  private static String digits(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
