package dev.fairlead.proxy.message;

/** What the handlers of a client's connection are told as a user event. */
public enum ConnectionEvent {
  /** The proxy is ending: close when what is under way is done, at once when nothing is. */
  DRAIN
}
