package dev.fairlead.proxy.message;

/** What the handlers of a client's connection are told as a user event. */
public enum ConnectionEvent {
  /** The proxy is ending: what comes is still served, and the client is told to come no more. */
  DRAIN,
  /**
   * The proxy has no time left to wait for requests: close what was idle already when this was told
   * the last time. Told again and again, so that a request that is on its way is not lost.
   */
  CLOSE_IDLE
}
