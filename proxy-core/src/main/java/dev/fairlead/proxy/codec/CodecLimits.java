package dev.fairlead.proxy.codec;

/** Limits of what clients may send that are the same in every protocol. */
public final class CodecLimits {

  /** Bytes of a request line, or of a target. */
  public static final int MAX_LINE = 8192;

  /** Bytes of a header section. */
  public static final int MAX_HEADERS = 32 * 1024;

  private CodecLimits() {}
}
