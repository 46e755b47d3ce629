package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;

/** Whether a connection goes on after a message (RFC 9112 §9.3). */
final class KeepAlive {

  private KeepAlive() {}

  static boolean after(boolean isHttp11, Headers headers) {
    if (!headers.has(FieldName.CONNECTION)) {
      return isHttp11;
    }
    return !headers.hasToken(FieldName.CONNECTION, "close")
        && (isHttp11 || headers.hasToken(FieldName.CONNECTION, "keep-alive"));
  }
}
