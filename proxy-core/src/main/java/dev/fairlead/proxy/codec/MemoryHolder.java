package dev.fairlead.proxy.codec;

/** A client's connection as the one for whom memory is held. On its event loop. */
public interface MemoryHolder {

  /**
   * About what waits for an exchange whose client takes no more: the read from the endpoint that
   * filled it, and what has come from there since.
   */
  int BEHIND_A_FULL_SINK = 128 * 1024;

  /** Bytes in buffers that wait for this client, or of it, as far as the connection knows. */
  long bufferBytes();

  /** Bytes of heap of its requests that are under way, about. */
  long requestBytes();
}
