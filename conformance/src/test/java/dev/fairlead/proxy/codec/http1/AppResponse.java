package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read of an app's answer, to be passed on to any number of clients.
 *
 * @param heads those that are informational, and the final one if it came; as they were read
 * @param ended whether the body came to its end
 * @param trailers as they were read
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record AppResponse(
    List<ResponseHead> heads, byte[] body, boolean ended, @Nullable Headers trailers) {

  public boolean hasFinalHead() {
    return !heads.isEmpty() && !heads.getLast().isInformational();
  }

  /** Of the final head. */
  public int status() {
    return heads.getLast().status();
  }

  /** Whether a body may follow such a head. */
  public boolean hasContent() {
    return hasFinalHead() && status() != 204 && status() != 304;
  }

  public String text() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  /** Does with it what the exchange of a request does. */
  public void relayTo(ClientStream client, ByteBufAllocator allocator) {
    client.listener(new Silent());
    client.resume();
    for (ResponseHead received : heads) {
      ResponseHead head = new ResponseHead(received.status(), copy(received.headers()));
      FieldRules.toClient(head.headers());
      if (head.isInformational()) {
        client.inform(head);
      } else {
        client.respond(head);
      }
    }
    if (body.length > 0) {
      client.write(allocator.buffer(body.length).writeBytes(body));
    }
    client.flush();
    if (ended) {
      client.end(trailersForClient());
    } else {
      client.abort(new ConnectionLostException("the app was cut off"));
    }
  }

  /** What the rules leave of the trailers. */
  public @Nullable Headers trailersForClient() {
    if (trailers == null) {
      return null;
    }
    Headers left = copy(trailers);
    FieldRules.trailers(left);
    return left;
  }

  private static Headers copy(Headers headers) {
    Headers copy = new Headers();
    for (int i = 0; i < headers.size(); i++) {
      copy.add(
          headers.block(),
          headers.nameAt(i),
          headers.nameLength(i),
          headers.block(),
          headers.valueAt(i),
          headers.valueLength(i));
    }
    return copy;
  }

  /** A client that sends nothing. */
  private static final class Silent implements StreamListener {

    @Override
    public void data(ByteBuf data) {
      data.release();
    }

    @Override
    public void dataPaused() {}

    @Override
    public void end(@Nullable Headers fields) {}

    @Override
    public void writable() {}

    @Override
    public void aborted(Throwable cause) {}
  }
}
