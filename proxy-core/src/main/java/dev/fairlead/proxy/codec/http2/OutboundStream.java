package dev.fairlead.proxy.codec.http2;

/** A stream as {@link Outbound} knows it: something to be sent by turns. Event loop only. */
interface OutboundStream {

  /** Writes its share of a turn. */
  StreamOutput.Progress send(int quantum);

  /** Whether it takes bytes again after it had said that it does not. */
  boolean isRelieved();

  /** It is told so. */
  void relieved();
}
