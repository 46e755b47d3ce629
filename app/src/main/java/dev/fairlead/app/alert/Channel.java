package dev.fairlead.app.alert;

/** A way to tell people. Used by threads that may wait, a minute or so. */
interface Channel {

  /** What it is, without secrets: {@code webhook at ntfy.sh}. */
  String name();

  /**
   * Sends a message, with some tries.
   *
   * @return what was answered, for people
   * @throws ChannelException when it was not taken
   */
  String send(AlertMessage message) throws ChannelException, InterruptedException;
}
