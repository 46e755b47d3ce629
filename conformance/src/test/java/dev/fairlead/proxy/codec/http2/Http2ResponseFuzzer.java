package dev.fairlead.proxy.codec.http2;

import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.conformance.fuzzing.Oracle;
import dev.fairlead.proxy.codec.http1.AnsweredRequest;
import dev.fairlead.proxy.codec.http1.AnsweredRequest.Asked;
import dev.fairlead.proxy.codec.http1.ResponseEvents;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames that an app sends over HTTP/2 to a connection with one request, whose number is 1, and
 * then it closes: the same response in any pieces; and what clients get of it is that response,
 * once, and complete only when it is.
 *
 * <p>The input is a sequence of frames as {@link Http2ConnectionFuzzer} has them: type, flags,
 * stream and length, a byte each, and the payload. Of other types one is bytes as they are, and one
 * is DATA of many times its length.
 */
public final class Http2ResponseFuzzer {

  private static final int RAW = 12;
  private static final int LONG_DATA = 15;

  private Http2ResponseFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] wire = wire(input);
    for (Asked asked : Asked.values()) {
      List<ResponseHead> heads = new ArrayList<>();
      ResponseEvents whole = read(asked, Cuts.none(wire), heads);
      for (List<byte[]> pieces : Cuts.some(wire)) {
        ResponseEvents cut = read(asked, pieces, new ArrayList<>());
        Oracle.same(cut.all(), whole.all(), "a response that is cut");
      }
      AnsweredRequest.relay(asked, whole.response(heads));
    }
  }

  private static byte[] wire(byte[] input) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(input);
    while (in.remaining() >= 4) {
      int type = in.get() & 0x0f;
      int flags = in.get() & 0xff;
      int stream = in.get() & 0xff;
      byte[] payload = new byte[Math.min(in.get() & 0xff, in.remaining())];
      in.get(payload);
      switch (type) {
        case RAW -> wire.writeBytes(payload);
        case LONG_DATA ->
            wire.writeBytes(Peer.bytes(Frames.DATA, flags, stream, new byte[payload.length * 16]));
        default -> wire.writeBytes(Peer.bytes(type, flags, stream, payload));
      }
    }
    return wire.toByteArray();
  }

  private static ResponseEvents read(Asked asked, List<byte[]> pieces, List<ResponseHead> heads) {
    CountedBuffers buffers = new CountedBuffers();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel.config().setAllocator(buffers);
    Owner owner = new Owner();
    Http2Upstream connection = new Http2Upstream(channel, false, TestLimits.anyHeads());
    connection.owner(owner);
    channel.pipeline().addLast(connection);
    channel.writeInbound(Cuts.buffer(Peer.bytes(Frames.SETTINGS, 0, 0, new byte[0]), buffers));
    ResponseEvents events = new ResponseEvents(heads::add);
    UpstreamStream stream = connection.open();
    stream.send(AnsweredRequest.head(asked, Version.HTTP_2), events);
    channel.runPendingTasks();
    for (byte[] piece : pieces) {
      if (channel.isOpen()) {
        channel.writeInbound(Cuts.buffer(piece, buffers));
      }
    }
    channel.close();
    channel.runPendingTasks();
    channel.checkException();
    channel.finishAndReleaseAll();
    buffers.allReleased();
    AnsweredRequest.check(events);
    Oracle.same(owner.ended, 1, "how often it is told that a connection has ended");
    Oracle.same(connection.room(), 0, "room on a connection that has ended");
    return events;
  }

  private static final class Owner implements Http2Upstream.Owner {

    private int ended;

    @Override
    public void relieved(Http2Upstream connection) {}

    @Override
    public void ended(Http2Upstream connection) {
      ended++;
    }
  }
}
