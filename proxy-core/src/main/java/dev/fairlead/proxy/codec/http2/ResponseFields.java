package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.hpack.FieldSink;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import java.util.Arrays;

/**
 * Makes a response's head, or the trailers behind its body, of the fields of a header block, and
 * checks what RFC 9113 §8.2 and §8.3.2 ask of them. For one header block. Event loop only.
 */
final class ResponseFields implements FieldSink {

  /** Bytes of a head: apps are trusted a little more than clients. */
  static final int MAX_BYTES = 64 * 1024;

  private static final byte[] STATUS = {':', 's', 't', 'a', 't', 'u', 's'};

  private final boolean inTrailers;
  private final Headers headers = new Headers();
  private boolean malformed;
  private int status;
  private int bytes;

  ResponseFields(boolean inTrailers) {
    this.inTrailers = inTrailers;
  }

  @Override
  public void field(
      byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
    bytes += nameLength + valueLength + FieldReader.FIELD_BYTES;
    malformed |= bytes > MAX_BYTES || !FieldReader.isValue(value, valueAt, valueLength);
    if (malformed) {
      return;
    }
    if (nameLength > 0 && name[nameAt] == ':') {
      malformed = !isStatus(name, nameAt, nameLength) || !takeStatus(value, valueAt, valueLength);
    } else if (FieldReader.isName(name, nameAt, nameLength)) {
      headers.add(name, nameAt, nameLength, value, valueAt, valueLength);
      FieldName known = headers.known(headers.size() - 1);
      malformed = known != FieldName.OTHER && StreamOutput.OF_CONNECTION.contains(known);
    } else {
      malformed = true;
    }
  }

  /** Whether the endpoint broke a rule of HTTP/2, or said more than is read. */
  boolean isMalformed() {
    return malformed || inTrailers == (status != 0);
  }

  /** Three digits, not less than 100. */
  int status() {
    return status;
  }

  Headers headers() {
    return headers;
  }

  private static boolean isStatus(byte[] name, int at, int length) {
    return Arrays.equals(name, at, at + length, STATUS, 0, STATUS.length);
  }

  // Once, and before all other fields.
  private boolean takeStatus(byte[] value, int at, int length) {
    if (status != 0 || headers.size() > 0 || length != 3) {
      return false;
    }
    int number = 0;
    for (int i = at; i < at + length; i++) {
      int digit = value[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      number = number * 10 + digit;
    }
    status = number;
    return number >= 100;
  }
}
