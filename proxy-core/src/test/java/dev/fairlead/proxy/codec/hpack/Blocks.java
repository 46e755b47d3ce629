package dev.fairlead.proxy.codec.hpack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Blocks in hexadecimal, and decoded fields as lines of text. */
final class Blocks {

  private Blocks() {}

  /** Bytes, of which spaces may be anywhere between. */
  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static List<String> decode(HpackDecoder decoder, String block) throws HpackException {
    return decode(decoder, hex(block));
  }

  /** Decodes a block that lies in the midst of other bytes. */
  static List<String> decode(HpackDecoder decoder, byte[] block) throws HpackException {
    byte[] surrounded = new byte[block.length + 7];
    System.arraycopy(block, 0, surrounded, 3, block.length);
    List<String> fields = new ArrayList<>();
    decoder.decode(
        surrounded,
        3,
        block.length,
        (name, nameAt, nameLength, value, valueAt, valueLength) ->
            fields.add(text(name, nameAt, nameLength) + ": " + text(value, valueAt, valueLength)));
    return fields;
  }

  private static String text(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }
}
