package dev.fairlead.proxy.codec.http1;

import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.conformance.fuzzing.Oracle;
import dev.fairlead.proxy.codec.http1.AnsweredRequest.Asked;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that an app answers with, and then it closes: the same responses in any pieces; and what a
 * client gets of them, over HTTP/1.1, HTTP/1.0 and HTTP/2, is one response that can be read in one
 * way ({@link RelayedResponse}).
 */
public final class ResponseFuzzer {

  private ResponseFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    for (Asked asked : Asked.values()) {
      ResponseEvents whole = read(asked, Cuts.none(input), new ArrayList<>());
      for (List<byte[]> pieces : Cuts.some(input)) {
        ResponseEvents cut = read(asked, pieces, new ArrayList<>());
        Oracle.same(cut.all(), whole.all(), "a response that is cut");
      }
      List<ResponseHead> heads = new ArrayList<>();
      ResponseEvents events = read(asked, Cuts.none(input), heads);
      AnsweredRequest.relay(asked, events.response(heads));
    }
  }

  private static ResponseEvents read(Asked asked, List<byte[]> pieces, List<ResponseHead> heads) {
    CountedBuffers buffers = new CountedBuffers();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(buffers);
    ResponseEvents events = new ResponseEvents(heads::add);
    Http1Upstream upstream = new Http1Upstream(TestLimits.anyHeads());
    channel.pipeline().addLast(upstream);
    upstream.owner(
        new Http1Upstream.Owner() {
          @Override
          public void idle(Http1Upstream connection) {
            events.add("idle");
          }

          @Override
          public void closed(Http1Upstream connection) {
            events.add("closed");
          }
        });
    upstream.send(AnsweredRequest.head(asked, Version.HTTP_1_1), events);
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
    return events;
  }
}
