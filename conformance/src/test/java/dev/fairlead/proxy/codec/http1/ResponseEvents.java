package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down what an endpoint answers, so that two readings can be compared. */
public final class ResponseEvents implements UpstreamStream.Listener {

  private final Consumer<ResponseHead> onHead;
  private final List<String> events = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean ended;
  private @Nullable Headers trailers;

  /**
   * @param onHead gets each head
   */
  public ResponseEvents(Consumer<ResponseHead> onHead) {
    this.onHead = onHead;
  }

  /** Heads, trailers and ends in their order. */
  List<String> events() {
    return events;
  }

  byte[] body() {
    return body.toByteArray();
  }

  /** The response, with heads that were kept elsewhere. */
  public AppResponse response(List<ResponseHead> heads) {
    return new AppResponse(heads, body(), ended, trailers);
  }

  /** Everything, with the body as text. */
  public String all() {
    return events + " " + body.toString(StandardCharsets.ISO_8859_1);
  }

  public void add(String event) {
    events.add(event);
  }

  @Override
  public void head(ResponseHead head) {
    events.add("head " + head.status() + " " + HeadReading.fields(head.headers()));
    onHead.accept(head);
  }

  @Override
  public void data(ByteBuf data) {
    body.writeBytes(ByteBufUtil.getBytes(data));
    data.release();
  }

  @Override
  public void dataPaused() {}

  @Override
  public void end(@Nullable Headers fields) {
    ended = true;
    trailers = fields;
    events.add("end " + HeadReading.fields(fields));
  }

  @Override
  public void writable() {}

  @Override
  public void aborted(Throwable cause) {
    events.add("aborted");
  }
}
