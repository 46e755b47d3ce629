package dev.fairlead.proxy.codec;

/** A client's connection as the one for whom buffers wait. */
public interface BufferHolder {

  /**
   * About what waits for an exchange whose client takes no more: the read from the endpoint that
   * filled it, and what has come from there since.
   */
  int BEHIND_A_FULL_SINK = 128 * 1024;

  /** How many bytes wait for this client, or of it, as far as the connection knows. On its loop. */
  long heldBytes();
}
