package dev.fairlead.proxy.codec.http2;

/** Why a stream or a connection ended (RFC 9113 §7), in the order of the codes. */
enum ErrorCode {
  NO_ERROR,
  PROTOCOL_ERROR,
  INTERNAL_ERROR,
  FLOW_CONTROL_ERROR,
  SETTINGS_TIMEOUT,
  STREAM_CLOSED,
  FRAME_SIZE_ERROR,
  REFUSED_STREAM,
  CANCEL,
  COMPRESSION_ERROR,
  CONNECT_ERROR,
  ENHANCE_YOUR_CALM;

  @SuppressWarnings("EnumOrdinal") // The order is the protocol's.
  int code() {
    return ordinal();
  }
}
