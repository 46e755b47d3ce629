package dev.fairlead.acme.pem;

import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes apart what others have encoded (X.690 §10), with every length held against what is there.
 */
final class DerValues {

  private static final int MOST_LENGTH_BYTES = 3;

  private DerValues() {}

  /**
   * The values that one value is made of, each with its tag and length.
   *
   * @throws InvalidKeySpecException when a length is wrong
   */
  static List<byte[]> inside(byte[] value) throws InvalidKeySpecException {
    Extent whole = extent(value, 0);
    List<byte[]> parts = new ArrayList<>();
    for (int at = whole.content(); at < whole.end(); ) {
      int end = extent(value, at).end();
      require(end <= whole.end());
      parts.add(Arrays.copyOfRange(value, at, end));
      at = end;
    }
    return parts;
  }

  /** What a value holds. */
  static byte[] content(byte[] value) throws InvalidKeySpecException {
    Extent whole = extent(value, 0);
    return Arrays.copyOfRange(value, whole.content(), whole.end());
  }

  private static Extent extent(byte[] der, int at) throws InvalidKeySpecException {
    require(der.length - at >= 2);
    int first = der[at + 1] & 0xff;
    int digits = first < 0x80 ? 0 : first & 0x7f;
    int content = at + 2 + digits;
    require(first != 0x80 && digits <= MOST_LENGTH_BYTES && content <= der.length);
    int length = digits == 0 ? first : 0;
    for (int i = at + 2; i < content; i++) {
      length = (length << 8) | (der[i] & 0xff);
    }
    require(length <= der.length - content);
    return new Extent(content, content + length);
  }

  private static void require(boolean holds) throws InvalidKeySpecException {
    if (!holds) {
      throw new InvalidKeySpecException("the key is not DER");
    }
  }

  /** Where a value's content begins and ends. */
  private record Extent(int content, int end) {}
}
