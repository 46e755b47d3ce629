package dev.fairlead.proxy.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's HPACK as the oracle, with random fields; the seeds are fixed. */
class HpackAgreesWithNettyTest {

  private static final int HUFFMAN_ALWAYS = 0;
  private static final int HUFFMAN_NEVER = Integer.MAX_VALUE;
  private static final List<String> NAMES =
      List.of(
          "accept", "cookie", "x-a", "x-request-id", "user-agent", "content-type", "te", "referer");

  @ParameterizedTest
  @ValueSource(ints = {HUFFMAN_ALWAYS, HUFFMAN_NEVER, 20})
  void readsWhatNettyWrites(int huffmanFrom) throws Exception {
    Random random = new Random(7541);
    for (int connection = 0; connection < 20; connection++) {
      DefaultHttp2HeadersEncoder encoder = encoder(random, huffmanFrom);
      HpackDecoder decoder = new HpackDecoder(4096);
      for (int block = 0; block < 40; block++) {
        Http2Headers fields = randomFields(random);

        assertThat(Blocks.decode(decoder, encode(encoder, fields))).isEqualTo(lines(fields));
        if (random.nextInt(8) == 0) {
          // What the peer may do any time: use less of the table, then more again.
          encoder.configuration().maxHeaderTableSize(random.nextInt(4097));
        }
      }
    }
  }

  @Test
  void nettyReadsWhatWeWrite() throws Exception {
    Random random = new Random(9113);
    DefaultHttp2HeadersDecoder decoder = decoder();
    for (int block = 0; block < 1000; block++) {
      Headers headers = new Headers();
      List<String> expected = new ArrayList<>();
      int status = 100 + random.nextInt(900);
      expected.add(":status: " + status);
      for (int i = random.nextInt(20); i > 0; i--) {
        String name = pick(random, NAMES);
        String value = randomText(random);
        headers.add(random.nextBoolean() ? name : name.toUpperCase(Locale.ROOT), value);
        expected.add(name + ": " + value);
      }
      ByteBuf out = Unpooled.buffer();
      HpackEncoder.status(status, out);
      for (int i = 0; i < headers.size(); i++) {
        HpackEncoder.field(headers, i, out);
      }

      assertThat(lines(decoder.decodeHeaders(1, out))).isEqualTo(expected);
    }
  }

  @Test
  void everyByteInEveryPlaceIsReadAsNettyReadsItOrRefused() throws Exception {
    Random random = new Random(1951);
    for (int round = 0; round < 12; round++) {
      byte[] first = encode(encoder(random, round % 2 == 0 ? 0 : 20), randomFields(random));
      for (int at = 0; at < first.length; at++) {
        byte[] mutant = first.clone();
        for (int b = 0; b < 256; b++) {
          mutant[at] = (byte) b;
          compare(mutant);
        }
      }
    }
  }

  @Test
  void anyBytesAreReadAsNettyReadsThemOrRefused() {
    Random random = new Random(1952);
    for (int round = 0; round < 100_000; round++) {
      byte[] noise = new byte[random.nextInt(24)];
      random.nextBytes(noise);
      compare(noise);
    }
  }

  // Two blocks, so that the table is compared, too.
  private static void compare(byte[] block) {
    HpackDecoder ours = new HpackDecoder(4096);
    DefaultHttp2HeadersDecoder nettys = decoder();
    byte[] reference = {(byte) 0xbe};
    compare(block, ours, nettys);
    compare(reference, ours, nettys);
  }

  private static void compare(byte[] block, HpackDecoder ours, DefaultHttp2HeadersDecoder nettys) {
    List<String> expected = read(nettys, block);
    List<String> read = read(ours, block);
    if (!Objects.equals(read, expected)) {
      fail("%s: %s (expected: %s)", HexFormat.of().formatHex(block), read, expected);
    }
  }

  // Sorted, since Netty hands out pseudo-header fields first.
  private static @Nullable List<String> read(HpackDecoder decoder, byte[] block) {
    try {
      List<String> fields = Blocks.decode(decoder, block);
      Collections.sort(fields);
      return fields;
    } catch (HpackException e) {
      return null;
    }
  }

  private static @Nullable List<String> read(DefaultHttp2HeadersDecoder decoder, byte[] block) {
    try {
      List<String> fields = lines(decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block)));
      Collections.sort(fields);
      return fields;
    } catch (Http2Exception | IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static DefaultHttp2HeadersDecoder decoder() {
    return new DefaultHttp2HeadersDecoder(false, 1 << 24);
  }

  private static DefaultHttp2HeadersEncoder encoder(Random random, int huffmanFrom) {
    Http2HeadersEncoder.SensitivityDetector sensitive = (name, value) -> random.nextInt(10) == 0;
    return new DefaultHttp2HeadersEncoder(sensitive, true, 16, huffmanFrom);
  }

  private static byte[] encode(DefaultHttp2HeadersEncoder encoder, Http2Headers fields)
      throws Http2Exception {
    ByteBuf out = Unpooled.buffer();
    encoder.encodeHeaders(1, fields, out);
    return ByteBufUtil.getBytes(out);
  }

  private static Http2Headers randomFields(Random random) {
    Http2Headers fields = new DefaultHttp2Headers(false);
    fields.method(random.nextBoolean() ? "GET" : "PURGE").path("/" + random.nextInt(5));
    for (int i = random.nextInt(12); i > 0; i--) {
      fields.add(latin1(pick(random, NAMES)), latin1(randomText(random)));
    }
    return fields;
  }

  // Mostly text, sometimes every byte there is.
  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    boolean plain = random.nextInt(4) > 0;
    for (int i = random.nextInt(random.nextInt(20) == 0 ? 400 : 30); i > 0; i--) {
      text.append((char) (plain ? '!' + random.nextInt(90) : 0xa0 + random.nextInt(0x60)));
    }
    return text.toString();
  }

  private static AsciiString latin1(String text) {
    return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
  }

  private static List<String> lines(Http2Headers fields) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      lines.add(field.getKey() + ": " + field.getValue());
    }
    return lines;
  }

  private static String pick(Random random, List<String> some) {
    return some.get(random.nextInt(some.size()));
  }
}
