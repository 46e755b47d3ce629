package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.RawRequest;

/** Who answers requests. Called on the event loop of the stream; must not wait. */
public interface RequestHandler {

  /** A head was read. The stream is paused. */
  void handle(ClientStream stream, RawRequest request);

  /** What came is no request; the codec closes the stream once it was answered. */
  void refuse(ClientStream stream, Failure failure);
}
