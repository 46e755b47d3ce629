package dev.fairlead.proxy.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order in which they came, names as they were spelled (RFC 9110 §5): one
 * block of bytes in the form of HTTP/1.1, and a table that says where each field lies in it. So
 * what is only passed on is copied as a block, whatever protocol it came by. Names are compared
 * without regard to case; one byte is one character (ISO 8859-1). Names are tokens and values are
 * free of line breaks: whoever adds a field sees to it. Not thread-safe: belongs to one event loop.
 */
public final class Headers {

  private static final int FIRST_FIELDS = 16;
  private static final int FIRST_BYTES = 512;

  private byte[] block;
  private int used;
  private final FieldTable fields;

  /** Takes one field after another. */
  @FunctionalInterface
  public interface Visitor {
    void field(String name, String value);
  }

  public Headers() {
    this(new byte[FIRST_BYTES], 0, new FieldTable(FIRST_FIELDS));
  }

  /** No fields, and room for so many bytes of them; they may become more. */
  public static Headers sized(int bytes) {
    return new Headers(new byte[bytes], 0, new FieldTable(2));
  }

  private Headers(byte[] block, int used, FieldTable fields) {
    this.block = block;
    this.used = used;
    this.fields = fields;
  }

  /**
   * Headers over what a codec read and validated.
   *
   * @param block is owned from now on
   * @param used how many of its bytes are taken; what is added goes behind them
   * @param places of each field: begin and length of the name, begin and length of the value
   * @param count of fields
   */
  public static Headers over(byte[] block, int used, int[] places, int count) {
    return new Headers(block, used, new FieldTable(block, places, count));
  }

  // ---- for codecs: bytes

  /** Copies a field to the end; its bytes were validated. */
  public void add(
      byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
    int start = reserve(nameLength + valueLength + 4);
    System.arraycopy(name, nameAt, block, start, nameLength);
    int valueStart = separate(start + nameLength);
    System.arraycopy(value, valueAt, block, valueStart, valueLength);
    endLine(valueStart + valueLength);
    append(start, nameLength, valueStart, valueLength);
  }

  /** Where the bytes are that the four methods below point into; another after each addition. */
  public byte[] block() {
    return block;
  }

  public int nameAt(int field) {
    return fields.nameAt(field);
  }

  public int nameLength(int field) {
    return fields.nameLength(field);
  }

  public int valueAt(int field) {
    return fields.valueAt(field);
  }

  public int valueLength(int field) {
    return fields.valueLength(field);
  }

  /** Copies all fields of others to the end, as a block. */
  public void addAll(Headers others) {
    int shift = reserve(others.used);
    System.arraycopy(others.block, 0, block, shift, others.used);
    for (int i = 0; i < others.size(); i++) {
      fields.append(
          others.known(i),
          others.nameAt(i) + shift,
          others.nameLength(i),
          others.valueAt(i) + shift,
          others.valueLength(i));
    }
  }

  /** Copies a field's value to the end, with another name; the name is a token. */
  public void addCopy(byte[] name, int field) {
    int length = valueLength(field);
    int start = reserve(name.length + length + 4);
    System.arraycopy(name, 0, block, start, name.length);
    int valueStart = separate(start + name.length);
    System.arraycopy(block, valueAt(field), block, valueStart, length);
    endLine(valueStart + length);
    append(start, name.length, valueStart, length);
  }

  /** Bytes that {@link #writeTo} writes at most. */
  public int maxWireBytes() {
    // A field whose colon no space follows grows by one.
    return used + size();
  }

  /** Writes all fields as HTTP/1.1 does, each with its line's end (RFC 9112 §5). */
  public void writeTo(ByteBuf out) {
    int runStart = 0;
    int runEnd = 0;
    for (int i = 0; i < size(); i++) {
      int start = nameAt(i);
      int end = lineEnd(i);
      if (end < 0) {
        out.writeBytes(block, runStart, runEnd - runStart);
        runStart = runEnd = 0;
        writePieces(i, out);
      } else if (start == runEnd) {
        runEnd = end;
      } else {
        out.writeBytes(block, runStart, runEnd - runStart);
        runStart = start;
        runEnd = end;
      }
    }
    out.writeBytes(block, runStart, runEnd - runStart);
  }

  // The end of the line, if it is spelled "name: value"; else -1.
  private int lineEnd(int field) {
    int colon = nameAt(field) + nameLength(field);
    int value = valueAt(field);
    int end = value + valueLength(field);
    boolean plain =
        value == colon + 2
            && block[colon + 1] == ' '
            && end + 2 <= used
            && block[end] == '\r'
            && block[end + 1] == '\n';
    return plain ? end + 2 : -1;
  }

  private void writePieces(int field, ByteBuf out) {
    out.writeBytes(block, nameAt(field), nameLength(field));
    out.writeByte(':').writeByte(' ');
    out.writeBytes(block, valueAt(field), valueLength(field));
    out.writeByte('\r').writeByte('\n');
  }

  // ---- for rules: known names

  /** How many fields there are; they are numbered from 0. */
  public int size() {
    return fields.size();
  }

  /** What the name of a field is known as. */
  public FieldName known(int field) {
    return fields.known(field);
  }

  public boolean has(FieldName name) {
    return fields.has(name);
  }

  /** Whether there is any field of one of these names. */
  public boolean hasAny(FieldNames some) {
    return fields.hasAny(some);
  }

  /** Whether more than one field has this name. */
  public boolean hasSeveral(FieldName name) {
    return fields.hasSeveral(name);
  }

  /** The first field of this name; -1 when there is none. */
  public int find(FieldName name) {
    return fields.find(name, 0);
  }

  /** The value of the first field of this name; null when there is none. */
  public @Nullable String get(FieldName name) {
    int field = find(name);
    return field < 0 ? null : value(field);
  }

  /** Removes all fields of these names. */
  public void removeAll(FieldNames some) {
    fields.removeAll(some);
  }

  /**
   * Whether a field whose value is a comma-separated list (RFC 9110 §5.6.1) has this token in it,
   * in any case.
   */
  public boolean hasToken(FieldName name, String token) {
    for (int i = find(name); i >= 0; i = fields.find(name, i + 1)) {
      if (Octets.listContains(block, valueAt(i), valueLength(i), token)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the value of a field is exactly this text. */
  public boolean valueIs(int field, String text) {
    return valueLength(field) == text.length() && Octets.same(block, valueAt(field), text);
  }

  // ---- for everybody: text

  public String name(int field) {
    return text(nameAt(field), nameLength(field));
  }

  public String value(int field) {
    return text(valueAt(field), valueLength(field));
  }

  /**
   * Appends a field, beside others of the same name.
   *
   * @throws IllegalArgumentException when the name is no token (RFC 9110 §5.6.2), or the value has
   *     a line break, a control character, or one that is no byte
   */
  public Headers add(String name, String value) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name of a field: empty (expected: a token)");
    }
    int start = reserve(name.length() + value.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      block[start + i] = checked(name.charAt(i), true);
    }
    int valueStart = separate(start + name.length());
    for (int i = 0; i < value.length(); i++) {
      block[valueStart + i] = checked(value.charAt(i), false);
    }
    endLine(valueStart + value.length());
    append(start, name.length(), valueStart, value.length());
    return this;
  }

  /** Replaces all fields of this name by one. */
  public Headers set(String name, String value) {
    remove(name);
    return add(name, value);
  }

  /** The value of the first field of this name; null when there is none. */
  public @Nullable String get(String name) {
    for (int i = 0; i < size(); i++) {
      if (isNamed(i, name)) {
        return value(i);
      }
    }
    return null;
  }

  /** How many fields have this name. */
  public int count(String name) {
    int count = 0;
    for (int i = 0; i < size(); i++) {
      if (isNamed(i, name)) {
        count++;
      }
    }
    return count;
  }

  public boolean contains(String name) {
    return count(name) > 0;
  }

  /** Removes all fields of this name. */
  public void remove(String name) {
    removeIf((field, value) -> field.equalsIgnoreCase(name));
  }

  /** Removes the fields whose name and value the condition holds for. */
  public void removeIf(BiPredicate<String, String> condition) {
    fields.removeIf(field -> condition.test(name(field), value(field)));
  }

  public void forEach(Visitor visitor) {
    for (int i = 0; i < size(); i++) {
      visitor.field(name(i), value(i));
    }
  }

  // ---- bytes

  // What is reserved is filled at once by the caller.
  private int reserve(int bytes) {
    int start = used;
    if (start + bytes > block.length) {
      block = Arrays.copyOf(block, Math.max(block.length * 2, start + bytes));
    }
    used = start + bytes;
    return start;
  }

  private int separate(int at) {
    block[at] = ':';
    block[at + 1] = ' ';
    return at + 2;
  }

  private void endLine(int at) {
    block[at] = '\r';
    block[at + 1] = '\n';
  }

  private void append(int name, int nameLength, int value, int valueLength) {
    fields.append(FieldName.of(block, name, nameLength), name, nameLength, value, valueLength);
  }

  private boolean isNamed(int field, String name) {
    return nameLength(field) == name.length()
        && Octets.sameIgnoringCase(block, nameAt(field), name);
  }

  private String text(int at, int length) {
    return new String(block, at, length, StandardCharsets.ISO_8859_1);
  }

  private static byte checked(char c, boolean inName) {
    boolean allowed = c < 256 && (inName ? Octets.isToken((byte) c) : Octets.isInValue((byte) c));
    if (!allowed) {
      throw new IllegalArgumentException(
          "%s of a field: character %d (expected: one that RFC 9110 §5.5 allows)"
              .formatted(inName ? "name" : "value", (int) c));
    }
    return (byte) c;
  }

  /** For tests and logs: names only, since values may be secrets. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Headers[");
    for (int i = 0; i < size(); i++) {
      text.append(i == 0 ? "" : ", ").append(name(i));
    }
    return text.append(']').toString();
  }
}
