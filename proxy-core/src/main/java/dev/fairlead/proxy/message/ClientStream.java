package dev.fairlead.proxy.message;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** The client's side of one exchange. All methods on {@link #eventLoop()}. */
public interface ClientStream extends BodySource, BodySink {

  EventLoop eventLoop();

  ClientInfo client();

  /** Who is told of body and end; set before the first {@link #resume()}. */
  void listener(StreamListener listener);

  /**
   * Bytes of request bodies that came so far; with HTTP/2 of all those of the connection, as the
   * client alone says whose turn it is.
   */
  long given();

  /**
   * Nobody wants what is left of the request: HTTP/1 says with the response that the connection is
   * closed.
   */
  void decline();

  /** Writes an informational head (RFC 9110 §15.2); any number, before {@link #respond}. */
  void inform(ResponseHead head);

  /** Writes the head; {@link #write} and {@link #end} follow. */
  void respond(ResponseHead head);

  /**
   * The exchange can't be completed: the client must not take what it has for a whole response
   * (reset of the stream, or close of the connection).
   *
   * @param cause of the endpoint; null when it is not its
   */
  void abort(@Nullable Throwable cause);

  /**
   * Agrees to another protocol: what follows on both sides are its bytes, until one of them ends.
   *
   * @param head a {@code 101}, to be said in the way of the client's HTTP version
   */
  void switchProtocols(ResponseHead head);
}
