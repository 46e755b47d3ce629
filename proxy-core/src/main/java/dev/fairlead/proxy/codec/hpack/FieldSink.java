package dev.fairlead.proxy.codec.hpack;

/** Takes the fields of a block in their order. */
@FunctionalInterface
public interface FieldSink {

  /**
   * One field; nothing of it was validated. The arrays must not be written to, and they hold these
   * bytes during the call only: what is to stay must be copied.
   */
  void field(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength);
}
