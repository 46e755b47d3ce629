package dev.fairlead.proxy.server;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.codec.http1.Http1Server;
import dev.fairlead.proxy.codec.http2.Http2Connection;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ConnectionEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.util.function.BooleanSupplier;

/**
 * Puts a protocol onto a client's connection, once it is known which one. Thread-safe.
 *
 * @param heads of requests
 * @param draining whether clients are to come no more
 */
record ServerPipelines(
    TimeoutSettings timeouts,
    LimitSettings limits,
    HeadBudget heads,
    Deadlines deadlines,
    NewConnections newConnections,
    LoadShedding shedding,
    RequestHandler requests,
    BooleanSupplier draining) {

  /** HTTP/1.1 and 1.0. On the channel's event loop. */
  void http1(ChannelPipeline pipeline, ClientInfo client) {
    Channel channel = pipeline.channel();
    Http1Server server =
        new Http1Server(
            channel,
            client,
            requests,
            deadlines.of(channel.eventLoop()),
            limits,
            heads,
            () -> newConnections.remove(channel));
    shedding.add(channel, client.address(), server);
    begin(pipeline, server);
  }

  /** HTTP/2. On the channel's event loop. */
  void http2(ChannelPipeline pipeline, ClientInfo client) {
    Channel channel = pipeline.channel();
    Http2Connection connection =
        new Http2Connection(
            channel,
            client,
            requests,
            timeouts.drain(),
            deadlines.of(channel.eventLoop()),
            limits,
            heads,
            () -> newConnections.remove(channel));
    shedding.add(channel, client.address(), connection);
    begin(pipeline, connection);
  }

  private void begin(ChannelPipeline pipeline, ChannelHandler protocol) {
    pipeline.addLast(protocol);
    // It was in no pipeline yet when the others were told, or there was no connection.
    if (draining.getAsBoolean()) {
      pipeline.fireUserEventTriggered(ConnectionEvent.DRAIN);
    }
  }
}
