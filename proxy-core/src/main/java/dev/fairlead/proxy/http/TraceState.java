package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import java.util.Arrays;

/**
 * Whether a {@code tracestate} is in the form of W3C Trace Context §3.3: a list of keys and values,
 * with no key twice, over any number of fields. For one request.
 */
final class TraceState {

  /** Bytes of all fields together; as much as everybody has to pass on (§3.3.1.5). */
  private static final int MAX_LENGTH = 512;

  private static final int MAX_MEMBERS = 32;
  private static final int MAX_KEY = 256;
  private static final int MAX_VALUE = 256;

  private final byte[] block;

  /** Where each key begins and ends. */
  private final int[] keys = new int[2 * MAX_MEMBERS];

  private int members;

  private TraceState(byte[] block) {
    this.block = block;
  }

  static boolean isValid(Headers headers) {
    TraceState state = new TraceState(headers.block());
    int length = 0;
    for (int i = headers.find(FieldName.TRACESTATE); i < headers.size(); i++) {
      if (headers.known(i) == FieldName.TRACESTATE) {
        length += headers.valueLength(i);
        int at = headers.valueAt(i);
        if (length > MAX_LENGTH || !state.list(at, at + headers.valueLength(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean list(int start, int end) {
    for (int at = start; at <= end; ) {
      int comma = indexOf(',', at, end);
      if (!member(at, comma)) {
        return false;
      }
      at = comma + 1;
    }
    return true;
  }

  // Blanks before and behind are no part of it, and there may be nothing else.
  private boolean member(int start, int end) {
    int from = start;
    int to = end;
    while (from < to && isBlank(block[from])) {
      from++;
    }
    while (to > from && isBlank(block[to - 1])) {
      to--;
    }
    if (from == to) {
      return true;
    }
    int equals = indexOf('=', from, to);
    return members < MAX_MEMBERS
        && isKey(from, equals)
        && isValue(equals + 1, to)
        && isNew(from, equals);
  }

  private boolean isKey(int start, int end) {
    if (end == start || end - start > MAX_KEY || !isLetterOrDigit(block[start])) {
      return false;
    }
    for (int i = start + 1; i < end; i++) {
      byte c = block[i];
      if (!(isLetterOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@')) {
        return false;
      }
    }
    return true;
  }

  // Behind where no equals sign was found nothing is left.
  private boolean isValue(int start, int end) {
    if (start >= end || end - start > MAX_VALUE) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (block[i] < ' ' || block[i] > '~' || block[i] == '=') {
        return false;
      }
    }
    return true;
  }

  private boolean isNew(int start, int end) {
    for (int i = 0; i < 2 * members; i += 2) {
      if (Arrays.equals(block, keys[i], keys[i + 1], block, start, end)) {
        return false;
      }
    }
    keys[2 * members] = start;
    keys[2 * members + 1] = end;
    members++;
    return true;
  }

  private int indexOf(char wanted, int start, int end) {
    int at = start;
    while (at < end && block[at] != wanted) {
      at++;
    }
    return at;
  }

  // In lower case.
  private static boolean isLetterOrDigit(byte c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }
}
