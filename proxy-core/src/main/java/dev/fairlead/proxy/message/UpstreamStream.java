package dev.fairlead.proxy.message;

/** The endpoint's side of one attempt. All methods on the event loop of the exchange. */
public interface UpstreamStream extends BodySource, BodySink {

  /** Sends a request's head; {@link #write} and {@link #end} follow. */
  void send(RequestHead head, Listener listener);

  /** Nothing more is wanted; the connection is not used again unless the response had ended. */
  void cancel();

  /** After a {@code 101} came: what follows on both sides are bytes, until one of them ends. */
  void switchProtocols();

  /** What an endpoint answers. */
  interface Listener extends StreamListener {

    /** A head: any number of informational ones, then one that is not. */
    void head(ResponseHead head);
  }
}
