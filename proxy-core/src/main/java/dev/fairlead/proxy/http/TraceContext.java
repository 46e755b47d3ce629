package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.FieldNames;
import dev.fairlead.proxy.message.Headers;

/**
 * The fields {@code traceparent} and {@code tracestate} (W3C Trace Context, level 2). They are
 * passed on as they came or not at all: who is no part of a trace must not change one.
 */
final class TraceContext {

  /** Bytes of a {@code traceparent} of version 00, and where its parts begin. */
  static final int LENGTH = 55;

  static final int TRACE_ID = 3;
  static final int TRACE_ID_LENGTH = 32;
  static final int PARENT_ID = 36;
  static final int FLAGS = 53;

  private static final FieldNames STATE = FieldNames.of(FieldName.TRACESTATE);
  private static final FieldNames ALL = STATE.and(FieldNames.of(FieldName.TRACEPARENT));

  private TraceContext() {}

  /**
   * Removes what is not valid; without a valid parent there is no state.
   *
   * @return the field that is the parent; -1 when there is none
   */
  static int clean(Headers headers) {
    if (!headers.hasAny(ALL)) {
      return -1;
    }
    int parent = headers.find(FieldName.TRACEPARENT);
    if (parent < 0
        || headers.hasSeveral(FieldName.TRACEPARENT)
        || !isParent(headers.block(), headers.valueAt(parent), headers.valueLength(parent))) {
      headers.removeAll(ALL);
      return -1;
    }
    if (headers.has(FieldName.TRACESTATE) && !TraceState.isValid(headers)) {
      headers.removeAll(STATE);
      return headers.find(FieldName.TRACEPARENT);
    }
    return parent;
  }

  // Of a later version this much is known: it begins like this one (§3.2.4).
  private static boolean isParent(byte[] block, int at, int length) {
    return length >= LENGTH
        && isHex(block, at, 2)
        && !(block[at] == 'f' && block[at + 1] == 'f')
        && block[at + 2] == '-'
        && isId(block, at + TRACE_ID, TRACE_ID_LENGTH)
        && block[at + PARENT_ID - 1] == '-'
        && isId(block, at + PARENT_ID, 16)
        && block[at + FLAGS - 1] == '-'
        && isHex(block, at + FLAGS, 2)
        && (length == LENGTH || (isLater(block, at) && block[at + LENGTH] == '-'));
  }

  private static boolean isLater(byte[] block, int at) {
    return block[at] != '0' || block[at + 1] != '0';
  }

  private static boolean isId(byte[] block, int at, int length) {
    return isHex(block, at, length) && !isZero(block, at, length);
  }

  private static boolean isZero(byte[] block, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (block[i] != '0') {
        return false;
      }
    }
    return true;
  }

  // In lower case.
  private static boolean isHex(byte[] block, int at, int length) {
    for (int i = at; i < at + length; i++) {
      byte c = block[i];
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
