package dev.fairlead.proxy.server;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.routing.IpAddress;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyProtocolEntry;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ConnectionEnds;
import dev.fairlead.proxy.tls.CertificateIndex;
import dev.fairlead.proxy.tls.TlsChallenges;
import dev.fairlead.proxy.tls.TlsEntry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a new connection begins with, by the port that it came to and by whom it comes from.
 * Thread-safe.
 *
 * @param trust which peers are proxies that are believed what they say of their clients
 */
record ClientConnections(
    Connections connections,
    NewConnections newConnections,
    ServerPipelines pipelines,
    TrustSettings trust,
    TimeoutSettings timeouts,
    RareWarning refused) {

  /** Goes on with a connection once it is known whose it is. */
  @FunctionalInterface
  private interface Next {
    void begin(ChannelPipeline pipeline, Client client);
  }

  /**
   * Whose a connection is.
   *
   * @param trusted whether it is believed what is said there of others
   */
  private record Client(String address, boolean trusted, @Nullable ConnectionEnds ends) {

    static final Client UNKNOWN = new Client("unknown", false, null);

    /**
     * @param from with port 0 where that is not known
     */
    static Client of(InetSocketAddress from, boolean trusted, Channel channel) {
      InetAddress address = from.getAddress();
      // without the name of a local interface (%eth0), which is of no use elsewhere
      String text = address.getHostAddress();
      int zone = text.indexOf('%');
      String digits = zone < 0 ? text : text.substring(0, zone);
      ConnectionEnds ends =
          channel.localAddress() instanceof InetSocketAddress own
              ? new ConnectionEnds(from, own)
              : null;
      return new Client(IpAddress.normal(digits).orElse(digits), trusted, ends);
    }

    ClientInfo info(boolean secure, @Nullable String serverName) {
      return new ClientInfo(address, secure, serverName, trusted, ends);
    }
  }

  ChannelInitializer<Channel> plain() {
    return beginning((pipeline, client) -> pipelines.http1(pipeline, client.info(false, null)));
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
                        agreed(after, http2, client.info(true, serverName)))));
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
        InetSocketAddress remote =
            channel.remoteAddress() instanceof InetSocketAddress address ? address : null;
        InetAddress peer = remote == null ? null : remote.getAddress();
        boolean trusted = peer != null && trust.includes(peer);
        if (!connections.add(channel, trusted ? null : peer)) {
          return;
        }
        newConnections.add(channel);
        if (peer != null && trusted && trust.proxyProtocol()) {
          channel.pipeline().addLast(header(peer, next));
        } else {
          next.begin(
              channel.pipeline(),
              remote == null ? Client.UNKNOWN : Client.of(remote, trusted, channel));
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
        (pipeline, source, own) -> behind(peer, pipeline, source, own, next));
  }

  // Of somebody whom the proxy cannot name is believed as little as of anybody.
  private void behind(
      InetAddress peer,
      ChannelPipeline pipeline,
      Optional<InetAddress> source,
      boolean own,
      Next next) {
    boolean trusted = source.isPresent() ? trust.includes(source.get()) : own;
    if (source.isEmpty() || trusted || connections.isOf(pipeline.channel(), source.get())) {
      next.begin(
          pipeline,
          Client.of(new InetSocketAddress(source.orElse(peer), 0), trusted, pipeline.channel()));
    }
  }
}
