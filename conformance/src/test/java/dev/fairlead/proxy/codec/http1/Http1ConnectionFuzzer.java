package dev.fairlead.proxy.codec.http1;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.proxy.codec.http1.PlayedApp.Play;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All bytes of a client's connection, any number of requests with their bodies: the same requests
 * in any pieces; and an app that gets all of them over one connection finds as many, with the same
 * bodies, and nothing between them (request smuggling, RFC 9112 §11.2).
 */
public final class Http1ConnectionFuzzer {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final TimeoutSettings TIMEOUTS =
      new TimeoutSettings(LONG, LONG, LONG, LONG, LONG, LONG);

  /** Smaller than those in use, so that inputs reach them. */
  private static final LimitSettings LIMITS =
      new TestLimits()
          .uriLength(182)
          .headerBytes(1024)
          .headerCount(16)
          .requestsPerConnection(8)
          .settings();

  private Http1ConnectionFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    PlayedApp whole = read(Cuts.none(input), Play.ANSWERS_AND_IS_FORWARDED_TO);
    for (List<byte[]> pieces : Cuts.some(input)) {
      same(read(pieces, Play.ANSWERS).events(), whole.events(), "requests that are cut");
    }
    same(nettys(whole.forwarded()), whole.passedOn(), "the requests that an app finds");
    early(read(Cuts.many(input), Play.ANSWERS_EARLY));
  }

  // An answer before the end of a body ends the connection: nobody knows where that body ends.
  private static void early(PlayedApp answered) {
    List<String> events = answered.events();
    for (int i = 0; i < events.size(); i++) {
      boolean unread = events.get(i).startsWith("request ") && events.get(i).endsWith(" body");
      holds(!unread || i == events.size() - 1, "nothing is read behind a body that nobody read");
    }
  }

  private static PlayedApp read(List<byte[]> pieces, Play play) {
    CountedBuffers buffers = new CountedBuffers();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(buffers);
    PlayedApp app = new PlayedApp(play);
    channel
        .pipeline()
        .addLast(
            new Http1Server(
                channel,
                ForwardedRequest.CLIENT,
                app,
                new Deadlines(channel.eventLoop(), TIMEOUTS).of(channel.eventLoop()),
                LIMITS,
                TestLimits.anyHeads(),
                app::begins));
    int answers = 0;
    for (byte[] piece : pieces) {
      if (channel.isOpen()) {
        channel.writeInbound(Cuts.buffer(piece, buffers));
        answers += heads(Wires.written(channel));
      }
    }
    channel.runPendingTasks();
    answers += heads(Wires.written(channel));
    channel.checkException();
    same(answers, app.answers(), "each request has one answer");
    channel.finishAndReleaseAll();
    buffers.allReleased();
    return app;
  }

  // The answers of the test have no bodies, so each is a head.
  private static int heads(byte[] written) {
    String text = new String(written, StandardCharsets.ISO_8859_1);
    return text.split("HTTP/1\\.1 ", -1).length - 1;
  }

  private static List<String> nettys(byte[] forwarded) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    List<String> requests = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    String head = "";
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(forwarded));
      for (HttpObject message = channel.readInbound();
          message != null;
          message = channel.readInbound()) {
        holds(message.decoderResult().isSuccess(), "Netty reads it: " + message.decoderResult());
        if (message instanceof HttpRequest request) {
          head = request.method().name() + " " + request.uri();
        }
        if (message instanceof HttpContent content) {
          body.append(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (message instanceof LastHttpContent) {
          requests.add(head + " " + body);
          body.setLength(0);
          head = "";
        }
        ReferenceCountUtil.release(message);
      }
    } finally {
      channel.finishAndReleaseAll();
    }
    if (!head.isEmpty()) {
      requests.add(head + " … " + body);
    }
    return requests;
  }
}
