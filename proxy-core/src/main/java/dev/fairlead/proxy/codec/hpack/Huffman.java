package dev.fairlead.proxy.codec.hpack;

/**
 * The Huffman code of RFC 7541 appendix B. It is canonical: codes of one length follow each other
 * in the order of their symbols, and those of the next length follow them. So the lengths alone say
 * it all.
 */
final class Huffman {

  private static final int SHORTEST = 5;
  private static final int LONGEST = 30;
  private static final int SYMBOLS = 257;
  private static final int END_OF_STRING = 256;

  /** The bits of each symbol's code, as a letter: a for 5, z for 30. */
  private static final String LENGTHS =
      "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxx"
          + "bffhibdgffdgdbbbaaabbbbbbbcdkbhf"
          + "ibccccccccccccccccccccccdcdioijb"
          + "kabababbbaccbbbabcbaabccccckgjix"
          + "prpprrrsrssssststtrstssssqrsrsst"
          + "rqprrssqsrrtqrssqqrqsrssprrrsrrs"
          + "vvporsruvvvwwvtuoqvwwvwtqqvvxwww"
          + "ptpqrqqsrruuttvsvwvvwwwwwxwwwwwv"
          + "z";

  /** How many bits are looked up at once; most text has no longer codes. */
  private static final int LOOKUP_BITS = 9;

  /** By the next bits: the symbol, and the length of its code below; 0 when that is longer. */
  private static final short[] SHORT_CODES = new short[1 << LOOKUP_BITS];

  private static final int LENGTH_BITS = 5;
  private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

  /** Of each length: the first code, how many there are, and where their symbols begin. */
  private static final int[] FIRST = new int[LONGEST + 1];

  private static final int[] COUNT = new int[LONGEST + 1];
  private static final int[] START = new int[LONGEST + 1];
  private static final short[] IN_ORDER = new short[SYMBOLS];

  static {
    int code = 0;
    int place = 0;
    for (int length = SHORTEST; length <= LONGEST; length++) {
      code <<= 1;
      FIRST[length] = code;
      START[length] = place;
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        if (LENGTHS.charAt(symbol) - 'a' + SHORTEST == length) {
          lookUp(code++, length, symbol);
          IN_ORDER[place++] = (short) symbol;
        }
      }
      COUNT[length] = place - START[length];
    }
  }

  private Huffman() {}

  private static void lookUp(int code, int length, int symbol) {
    int free = LOOKUP_BITS - length;
    for (int i = 0; free >= 0 && i < 1 << free; i++) {
      SHORT_CODES[(code << free) + i] = (short) (symbol << LENGTH_BITS | length);
    }
  }

  /** How many bytes so many bytes become at most. */
  static int maxDecoded(int length) {
    return (int) (length * 8L / SHORTEST);
  }

  /**
   * Decodes a string.
   *
   * @param out has room for {@link #maxDecoded} bytes
   * @return how many bytes it has
   * @throws HpackException when it holds the end-of-string symbol, or its last byte is not filled
   *     up with ones, or more than that follows the last symbol (RFC 7541 §5.2)
   */
  static int decode(byte[] in, int at, int length, byte[] out) throws HpackException {
    int end = at + length;
    int written = 0;
    // The next bit is the highest one.
    long bits = 0;
    int count = 0;
    while (true) {
      while (count <= 48 && at < end) {
        bits |= (in[at++] & 0xffL) << (56 - count);
        count += 8;
      }
      long padded = bits | -1L >>> count;
      if (count < 8 && padded == -1) {
        return written;
      }
      int code = SHORT_CODES[(int) (padded >>> (Long.SIZE - LOOKUP_BITS))];
      if (code == 0) {
        code = longCode(padded);
      }
      int used = code & LENGTH_MASK;
      if (used > count) {
        throw new HpackException("Huffman code is cut off");
      }
      out[written++] = (byte) (code >> LENGTH_BITS);
      bits <<= used;
      count -= used;
    }
  }

  private static int longCode(long bits) throws HpackException {
    int length = LOOKUP_BITS + 1;
    int place = place(bits, length);
    while (place >= COUNT[length]) {
      length++;
      place = place(bits, length);
    }
    int symbol = IN_ORDER[START[length] + place];
    if (symbol == END_OF_STRING) {
      throw new HpackException("Huffman code of the end of a string");
    }
    return symbol << LENGTH_BITS | length;
  }

  // Among the codes of this length; beyond them when the code is longer. The code is complete, so
  // one of the lengths has it.
  private static int place(long bits, int length) {
    return (int) (bits >>> (Long.SIZE - length)) - FIRST[length];
  }
}
