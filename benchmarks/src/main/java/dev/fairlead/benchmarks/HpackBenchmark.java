package dev.fairlead.benchmarks;

import dev.fairlead.proxy.codec.hpack.FieldSink;
import dev.fairlead.proxy.codec.hpack.HpackDecoder;
import dev.fairlead.proxy.codec.hpack.HpackEncoder;
import dev.fairlead.proxy.codec.hpack.HpackException;
import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the header blocks of HTTP/2 take (RFC 7541): a browser's request to fields, an app's
 * answer to a block. Netty's codec is the other side, and has to agree.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class HpackBenchmark {

  private static final int TABLE_BYTES = 4096;
  private static final int MAX_BLOCK = 4096;
  private static final int STREAM = 3;

  /** Every string by Huffman's code, as browsers do. */
  private static final int HUFFMAN_FROM = 0;

  private final Heads answer = Heads.of(answer());
  private final ByteBuf out = Unpooled.buffer(MAX_BLOCK);
  private final Fields fields = new Fields();
  private final HpackDecoder warm = new HpackDecoder(TABLE_BYTES);
  private byte[] first;
  private byte[] later;
  private byte[] request;
  private byte[] response;

  /** Gathers fields as the HTTP/2 layer does: bytes to the end of a block. */
  private static final class Fields implements FieldSink {
    private Headers headers = new Headers();

    @Override
    public void field(
        byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
      headers.add(name, nameAt, nameLength, value, valueAt, valueLength);
    }
  }

  @Setup(Level.Trial)
  public void setUp() throws Http2Exception, HpackException {
    Headers sent = request();
    request = Arrays.copyOf(sent.block(), Heads.end(sent));
    // Paths are different each time, so a browser leaves them out of the table.
    DefaultHttp2HeadersEncoder client =
        new DefaultHttp2HeadersEncoder(
            (name, value) -> name.toString().equals(":path"), false, 64, HUFFMAN_FROM);
    first = block(client, sent);
    later = block(client, sent);
    warm.decode(first, 0, first.length, fields);

    ByteBuf block = encodeAnswer();
    response = ByteBufUtil.getBytes(block);
    Http2Headers read = new DefaultHttp2HeadersDecoder(false).decodeHeaders(STREAM, block);
    Expect.equal(read.toString(), expectedAnswer().toString());
  }

  /** The first block of a connection, most of it literally, with a table to begin. */
  @Benchmark
  public Headers decodeFirst() throws HpackException {
    return decode(new HpackDecoder(TABLE_BYTES), first);
  }

  /** One of those that follow: nearly all of it is in the table. */
  @Benchmark
  public Headers decodeLater() throws HpackException {
    return decode(warm, later);
  }

  @Benchmark
  public ByteBuf encode() {
    ByteBuf block = encodeAnswer();
    Expect.bytes(block, response);
    return block;
  }

  private Headers decode(HpackDecoder decoder, byte[] block) throws HpackException {
    Headers headers = new Headers();
    fields.headers = headers;
    decoder.decode(block, 0, block.length, fields);
    Expect.bytes(headers.block(), Heads.end(headers), request);
    return headers;
  }

  private ByteBuf encodeAnswer() {
    Headers headers = answer.read();
    out.clear();
    HpackEncoder.status(200, out);
    for (int i = 0; i < headers.size(); i++) {
      HpackEncoder.field(headers, i, out);
    }
    return out;
  }

  private static byte[] block(DefaultHttp2HeadersEncoder encoder, Headers headers)
      throws Http2Exception {
    Http2Headers sent = new DefaultHttp2Headers(false);
    headers.forEach(sent::add);
    ByteBuf block = Unpooled.buffer(MAX_BLOCK);
    encoder.encodeHeaders(STREAM, sent, block);
    return ByteBufUtil.getBytes(block);
  }

  private static Headers request() {
    Headers headers = new Headers();
    field(headers, ":method", "GET");
    field(headers, ":path", "/orders/2026/november?page=2&sort=date");
    field(headers, ":scheme", "https");
    field(headers, ":authority", Heads.HOST);
    Heads.ofBrowser()
        .forEach(
            (name, value) -> {
              if (!name.equals("Host") && !name.equals("Connection")) {
                field(headers, name.toLowerCase(Locale.ROOT), value);
              }
            });
    return headers;
  }

  // A name with a colon is none to whoever checks text.
  private static void field(Headers headers, String name, String value) {
    byte[] nameBytes = Heads.bytes(name);
    byte[] valueBytes = Heads.bytes(value);
    headers.add(nameBytes, 0, nameBytes.length, valueBytes, 0, valueBytes.length);
  }

  private static Headers answer() {
    Headers headers = Heads.ofApp();
    headers.remove("Connection");
    headers.remove("Keep-Alive");
    return headers;
  }

  private static Http2Headers expectedAnswer() {
    Http2Headers expected = new DefaultHttp2Headers().status("200");
    answer().forEach((name, value) -> expected.add(name.toLowerCase(Locale.ROOT), value));
    return expected;
  }
}
