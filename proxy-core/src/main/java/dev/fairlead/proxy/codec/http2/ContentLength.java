package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;

/** What {@code Content-Length} says of a body (RFC 9110 §8.6). */
final class ContentLength {

  /** Nobody says how long the body is. */
  static final long UNKNOWN = -1;

  /** It says nothing that could be understood. */
  static final long MALFORMED = -2;

  private static final int MAX_DIGITS = 18;

  private ContentLength() {}

  /** Bytes, {@link #UNKNOWN} or {@link #MALFORMED}. */
  static long of(Headers headers) {
    int field = headers.find(FieldName.CONTENT_LENGTH);
    if (field < 0) {
      return UNKNOWN;
    }
    int digits = headers.valueLength(field);
    if (digits == 0 || digits > MAX_DIGITS || headers.hasSeveral(FieldName.CONTENT_LENGTH)) {
      return MALFORMED;
    }
    long length = 0;
    int at = headers.valueAt(field);
    for (int i = at; i < at + digits; i++) {
      int digit = headers.block()[i] - '0';
      if (digit < 0 || digit > 9) {
        return MALFORMED;
      }
      length = length * 10 + digit;
    }
    return length;
  }

  /**
   * The same for a response, where some have no body whatever they say (RFC 9110 §6.4.1).
   *
   * @param toHead whether the request's method was HEAD
   */
  static long ofResponse(ResponseHead head, boolean toHead) {
    long said = of(head.headers());
    boolean empty = toHead || head.status() == 204 || head.status() == 304;
    return said != MALFORMED && empty ? 0 : said;
  }
}
