package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.hpack.HpackEncoder;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.FieldNames;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import io.netty.buffer.ByteBuf;

/** How a head is said in HTTP/2: pseudo-fields, and the fields that exist there. Stateless. */
sealed interface HeadEncoder<H> {

  HeadEncoder<ResponseHead> RESPONSE = new OfResponse();
  HeadEncoder<RequestHead> REQUEST = new OfRequest(false);
  HeadEncoder<RequestHead> SECURE_REQUEST = new OfRequest(true);

  /** Bytes that {@link #pseudoFields} takes at most. */
  int pseudoBytes(H head);

  /** Writes the fields that stand for the first line (RFC 9113 §8.3). */
  void pseudoFields(H head, ByteBuf out);

  Headers headers(H head);

  /** What is said otherwise, or not at all. */
  FieldNames leftOut();

  /** {@code :status}. */
  record OfResponse() implements HeadEncoder<ResponseHead> {

    @Override
    public int pseudoBytes(ResponseHead head) {
      return HpackEncoder.STATUS_BYTES;
    }

    @Override
    public void pseudoFields(ResponseHead head, ByteBuf out) {
      HpackEncoder.status(head.status(), out);
    }

    @Override
    public Headers headers(ResponseHead head) {
      return head.headers();
    }

    @Override
    public FieldNames leftOut() {
      return StreamOutput.OF_CONNECTION;
    }
  }

  /** {@code :method}, {@code :scheme}, {@code :authority}, {@code :path}. */
  record OfRequest(boolean secure) implements HeadEncoder<RequestHead> {

    private static final FieldNames LEFT_OUT =
        StreamOutput.OF_CONNECTION.and(FieldNames.of(FieldName.HOST));

    private static final int PSEUDO_NAMES =
        ":method".length() + ":scheme".length() + ":authority".length() + ":path".length();

    /** The most that a head counts at who limits it (RFC 9113 §6.5.2). */
    static long listBytes(RequestHead head) {
      Headers headers = head.headers();
      long bytes =
          PSEUDO_NAMES
              + head.method().length()
              + "https".length()
              + head.authority().length()
              + head.path().length()
              + head.query().length()
              + (4L + headers.size()) * FieldReader.FIELD_BYTES;
      for (int i = 0; i < headers.size(); i++) {
        bytes += headers.nameLength(i) + headers.valueLength(i);
      }
      return bytes;
    }

    @Override
    public int pseudoBytes(RequestHead head) {
      return HpackEncoder.requestBytes(
          head.method(), head.authority(), head.path().length() + head.query().length());
    }

    @Override
    public void pseudoFields(RequestHead head, ByteBuf out) {
      HpackEncoder.request(head.method(), secure, head.authority(), head.path(), head.query(), out);
    }

    @Override
    public Headers headers(RequestHead head) {
      return head.headers();
    }

    @Override
    public FieldNames leftOut() {
      return LEFT_OUT;
    }
  }
}
