package dev.fairlead.proxy.codec.hpack;

import org.jspecify.annotations.Nullable;

/**
 * Decodes the header blocks of one connection, in their order and each in one piece (RFC 7541 §3).
 * Memory is bounded by the table and by the longest string of a block: a block that names a large
 * entry again and again makes calls of the sink, which has to count, and nothing else. Not
 * thread-safe: belongs to one event loop.
 */
public final class HpackDecoder {

  private static final int INDEXED = 0x80;
  private static final int INDEXED_MASK = 0x7f;
  private static final int WITH_INDEXING = 0x40;
  private static final int WITH_INDEXING_MASK = 0x3f;
  private static final int SIZE_UPDATE = 0x20;
  private static final int SIZE_UPDATE_MASK = 0x1f;
  private static final int WITHOUT_INDEXING_MASK = 0x0f;

  private final int maxTableBytes;
  private final DynamicTable table;
  private final BlockReader reader = new BlockReader();
  private final Text name = new Text();
  private final Text value = new Text();

  /**
   * @param maxTableBytes what SETTINGS_HEADER_TABLE_SIZE was announced as; 4,096 when it was not
   */
  public HpackDecoder(int maxTableBytes) {
    this.maxTableBytes = maxTableBytes;
    this.table = new DynamicTable(maxTableBytes);
  }

  /**
   * Decodes one whole block, and keeps the table in step whatever the sink does with the fields.
   * They have passed no check: {@code sink} validates them.
   *
   * @throws HpackException when the block is malformed; the decoder is of no use then. The sink may
   *     have been given some fields before.
   */
  public void decode(byte[] block, int offset, int length, FieldSink sink) throws HpackException {
    reader.start(block, offset, length);
    try {
      while (reader.hasMore() && isSizeUpdate(reader.peek())) {
        resize(reader.integer(SIZE_UPDATE_MASK));
      }
      while (reader.hasMore()) {
        field(reader.peek());
        sink.field(name.bytes, name.at, name.length, value.bytes, value.at, value.length);
      }
    } finally {
      reader.release();
      name.release();
      value.release();
    }
  }

  // RFC 7541 §6: which of the forms it is, the highest bits tell.
  private void field(int first) throws HpackException {
    if (first >= INDEXED) {
      Entry entry = entry(reader.integer(INDEXED_MASK));
      name.set(entry.name);
      value.set(entry.value);
    } else if (first >= WITH_INDEXING) {
      index(literal(WITH_INDEXING_MASK));
    } else if (isSizeUpdate(first)) {
      throw new HpackException("table size update behind a field");
    } else {
      literal(WITHOUT_INDEXING_MASK);
    }
  }

  // The entry that the name was taken from, if any.
  private @Nullable Entry literal(int mask) throws HpackException {
    int number = reader.integer(mask);
    Entry named = null;
    if (number == 0) {
      reader.string(name);
    } else {
      named = entry(number);
      name.set(named.name);
    }
    reader.string(value);
    return named;
  }

  private void index(@Nullable Entry named) {
    if (table.holds(name.length, value.length)) {
      table.add(new Entry(named == null ? name.copy() : named.name, value.copy()));
    } else {
      table.clear();
    }
  }

  private Entry entry(int number) throws HpackException {
    if (number == 0) {
      throw new HpackException("index 0");
    }
    if (number <= StaticTable.SIZE) {
      return StaticTable.get(number);
    }
    Entry entry = table.get(number - StaticTable.SIZE - 1);
    if (entry == null) {
      throw new HpackException("index beyond the table");
    }
    return entry;
  }

  private void resize(int bytes) throws HpackException {
    if (bytes > maxTableBytes) {
      throw new HpackException("table size above the one that was announced");
    }
    table.resize(bytes);
  }

  private static boolean isSizeUpdate(int first) {
    return first >= SIZE_UPDATE && first < WITH_INDEXING;
  }
}
