package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.message.BodySink;
import dev.fairlead.proxy.message.BodySource;
import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an exchange: bytes go on as they come, and while the sink has enough the source
 * is not read. Nothing is kept here. Event loop only.
 */
final class BodyRelay {

  private final BodySource source;
  private final BodySink sink;
  private long bytes;
  private boolean stopped;

  BodyRelay(BodySource source, BodySink sink) {
    this.source = source;
    this.sink = sink;
  }

  void data(ByteBuf data) {
    bytes += data.readableBytes();
    sink.write(data);
    if (!stopped && !sink.isWritable()) {
      stopped = true;
      source.pause();
      // What waits for a flush must not be what keeps the sink full.
      sink.flush();
    }
  }

  /** The source has nothing more at the moment. */
  void dataPaused() {
    sink.flush();
  }

  void end(@Nullable Headers trailers) {
    if (trailers != null) {
      FieldRules.trailers(trailers);
    }
    sink.end(trailers);
  }

  /** The sink takes bytes again. */
  void writable() {
    if (stopped && sink.isWritable()) {
      stopped = false;
      source.resume();
    }
  }

  /** Whether the source waits for a sink that has taken some of what it has, within this time. */
  boolean isTaking(Duration within) {
    return stopped && sink.hasTaken(1, within);
  }

  /** Whether the source waits for the sink. */
  boolean isStopped() {
    return stopped;
  }

  /** How many bytes went through. */
  long bytes() {
    return bytes;
  }
}
