package dev.fairlead.proxy.codec.http1;

import dev.fairlead.conformance.fuzzing.Oracle;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.RejectedRequest;
import dev.fairlead.proxy.http.RequestRules;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets the requests of one connection, one after the other, answers each with nothing, and writes
 * down what came; and what an app would get of it.
 */
final class PlayedApp implements RequestHandler {

  /** How the app behaves, and whether it is asked what it would get. */
  enum Play {
    ANSWERS_EARLY,
    ANSWERS,
    ANSWERS_AND_IS_FORWARDED_TO
  }

  private final Play play;
  private final List<String> events = new ArrayList<>();
  private final List<String> passedOn = new ArrayList<>();
  private final ByteArrayOutputStream forwarded = new ByteArrayOutputStream();
  private int answers;
  private boolean begun;
  private @Nullable Request open;

  PlayedApp(Play play) {
    this.play = play;
  }

  /** What came, in its order. */
  List<String> events() {
    if (open != null) {
      open.cutOff();
    }
    return events;
  }

  /** The requests that the rules let pass, as {@code METHOD target body}. */
  List<String> passedOn() {
    return passedOn;
  }

  /** The bytes that an app gets of them. */
  byte[] forwarded() {
    return forwarded.toByteArray();
  }

  int answers() {
    return answers;
  }

  /** The first request has come. */
  void begins() {
    Oracle.holds(!begun, "there is one first request");
    begun = true;
  }

  @Override
  public void handle(ClientStream stream, RawRequest raw) {
    Oracle.holds(begun, "a request is the first or behind it");
    String body = raw.bodyFollows() ? " body" : "";
    events.add(
        "request %s %s %s %s%s"
            .formatted(
                raw.version(),
                raw.method(),
                raw.target(),
                HeadReading.fields(raw.headers()),
                body));
    RequestHead head;
    try {
      head = RequestRules.check(raw, ForwardedRequest.CLIENT);
    } catch (RejectedRequest e) {
      answer(stream, e.failure().status());
      return;
    }
    if (play == Play.ANSWERS_EARLY) {
      stream.listener(new Request(stream, head));
      answer(stream, 200);
    } else {
      open = new Request(stream, head);
      stream.listener(open);
      stream.resume();
      open.endIfNoBody();
    }
  }

  @Override
  public void refuse(ClientStream stream, Failure failure) {
    events.add("refused");
    answer(stream, failure.status());
  }

  private void answer(ClientStream stream, int status) {
    answers++;
    stream.respond(new ResponseHead(status, new Headers().add("Content-Length", "0")));
    stream.end(null);
  }

  /** One that passed the rules, on its way to the app. */
  private final class Request implements StreamListener {

    private final ClientStream client;
    private final RequestHead head;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final String line;
    private final @Nullable AppConnection app;

    Request(ClientStream client, RequestHead head) {
      this.client = client;
      this.head = head;
      this.line = head.method() + " " + head.path() + head.query();
      this.app = play == Play.ANSWERS_AND_IS_FORWARDED_TO ? new AppConnection(head) : null;
    }

    void endIfNoBody() {
      if (!head.hasBody()) {
        finish();
      }
    }

    @Override
    public void data(ByteBuf data) {
      body.writeBytes(ByteBufUtil.getBytes(data));
      if (app == null) {
        data.release();
      } else {
        app.upstream.write(data);
      }
    }

    @Override
    public void dataPaused() {}

    @Override
    public void end(@Nullable Headers trailers) {
      if (app != null) {
        app.upstream.end(null);
      }
      events.add("end " + HeadReading.fields(trailers));
      finish();
    }

    private void finish() {
      open = null;
      take();
      events.add("body " + text());
      passedOn.add(line + " " + text());
      answer(client, 200);
    }

    void cutOff() {
      open = null;
      take();
      events.add("cut off " + text());
      passedOn.add(line + " … " + text());
    }

    private void take() {
      if (app != null) {
        forwarded.writeBytes(app.bytes());
      }
    }

    private String text() {
      return body.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void writable() {}

    @Override
    public void aborted(Throwable cause) {
      if (open == this) {
        cutOff();
      }
      events.add("aborted");
    }
  }

  /** What is written to the app of one request. */
  private static final class AppConnection {

    private final byte[] head;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Http1Upstream upstream = new Http1Upstream(TestLimits.anyHeads());

    AppConnection(RequestHead request) {
      head = ForwardedRequest.write(request);
      channel.pipeline().addLast(upstream);
      // Written above: this one is for the framing of the body only.
      upstream.send(request, new ResponseEvents(ignored -> {}));
      channel.releaseOutbound();
    }

    byte[] bytes() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head);
      upstream.flush();
      all.writeBytes(Wires.written(channel));
      channel.finishAndReleaseAll();
      return all.toByteArray();
    }
  }
}
