package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;

/**
 * How the end of a message is told (RFC 9112 §6.3): one way, or the message is refused, because
 * somebody else might choose the other.
 */
final class Framing {

  private static final int MAX_DIGITS = 18;
  private static final int MAX_TRAILERS = 8192;

  private Framing() {}

  /**
   * @param budget of the connection, for the fields behind the body
   */
  static BodyReader ofRequest(Version version, Headers headers, HeadBudget.Share budget)
      throws MalformedMessageException {
    if (headers.has(FieldName.TRANSFER_ENCODING)) {
      return chunked(version == Version.HTTP_1_1, headers, budget);
    }
    return headers.has(FieldName.CONTENT_LENGTH) ? length(headers) : NoBody.INSTANCE;
  }

  /**
   * @param toHead whether the request's method was HEAD
   * @param budget of the connection, for the fields behind the body
   */
  static BodyReader ofResponse(
      StatusLine line, boolean toHead, Headers headers, HeadBudget.Share budget)
      throws MalformedMessageException {
    int status = line.status();
    boolean empty = status < 200 || status == 204 || status == 304 || toHead;
    if (headers.has(FieldName.TRANSFER_ENCODING)) {
      BodyReader chunked = chunked(line.isHttp11(), headers, budget);
      return empty ? NoBody.INSTANCE : chunked;
    }
    if (headers.has(FieldName.CONTENT_LENGTH)) {
      BodyReader length = length(headers);
      return empty ? NoBody.INSTANCE : length;
    }
    return empty ? NoBody.INSTANCE : new UntilCloseBody();
  }

  private static BodyReader chunked(boolean isHttp11, Headers headers, HeadBudget.Share budget)
      throws MalformedMessageException {
    int coding = headers.find(FieldName.TRANSFER_ENCODING);
    boolean good =
        isHttp11
            && !headers.hasSeveral(FieldName.TRANSFER_ENCODING)
            && !headers.has(FieldName.CONTENT_LENGTH)
            && headers.value(coding).equalsIgnoreCase("chunked");
    if (!good) {
      throw MalformedMessageException.bad(
          "Transfer-Encoding that is not chunked, beside Content-Length, or not in HTTP/1.1");
    }
    return new ChunkedBody(MAX_TRAILERS, budget);
  }

  private static BodyReader length(Headers headers) throws MalformedMessageException {
    int field = headers.find(FieldName.CONTENT_LENGTH);
    int digits = headers.valueLength(field);
    if (headers.hasSeveral(FieldName.CONTENT_LENGTH) || digits == 0 || digits > MAX_DIGITS) {
      throw MalformedMessageException.bad("Content-Length sent twice or out of range");
    }
    long bytes = 0;
    byte[] block = headers.block();
    int start = headers.valueAt(field);
    for (int i = start; i < start + digits; i++) {
      int digit = block[i] - '0';
      if (digit < 0 || digit > 9) {
        throw MalformedMessageException.bad("Content-Length is no number");
      }
      bytes = bytes * 10 + digit;
    }
    return bytes == 0 ? NoBody.INSTANCE : new LengthBody(bytes);
  }
}
