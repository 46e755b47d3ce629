package dev.fairlead.proxy.message;

/**
 * Where body bytes come from. All methods on the event loop of the exchange. A source begins
 * paused.
 */
public interface BodySource {

  /** No more bytes, but for those that were read already. */
  void pause();

  /** Bytes may come. */
  void resume();
}
