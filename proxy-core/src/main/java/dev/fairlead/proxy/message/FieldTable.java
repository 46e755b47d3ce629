package dev.fairlead.proxy.message;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Where each field lies in a block of bytes, and what its name is known as. Fields are numbered
 * from 0, in their order. For one thread.
 */
final class FieldTable {

  /** Of each field: begin and length of the name, begin and length of the value. */
  private static final int NUMBERS = 4;

  private static final int MORE_FIELDS = 8;

  private int[] places;
  private FieldName[] names;
  private int size;

  /** The bits of the names there are, and of those there are more than once. */
  private long present;

  private long repeated;

  /** A table without fields, and with room for so many. */
  FieldTable(int fields) {
    this.places = new int[fields * NUMBERS];
    this.names = new FieldName[fields];
  }

  /** A table over places that a codec found: {@code count} times four numbers. */
  FieldTable(byte[] block, int[] places, int count) {
    this.places = places;
    this.names = new FieldName[count + MORE_FIELDS];
    this.size = count;
    for (int i = 0; i < count; i++) {
      names[i] = FieldName.of(block, nameAt(i), nameLength(i));
      mark(names[i]);
    }
  }

  int size() {
    return size;
  }

  int nameAt(int field) {
    return places[field * NUMBERS];
  }

  int nameLength(int field) {
    return places[field * NUMBERS + 1];
  }

  int valueAt(int field) {
    return places[field * NUMBERS + 2];
  }

  int valueLength(int field) {
    return places[field * NUMBERS + 3];
  }

  FieldName known(int field) {
    return names[field];
  }

  boolean has(FieldName name) {
    return (present & name.bit()) != 0;
  }

  boolean hasAny(FieldNames some) {
    return (present & some.bits()) != 0;
  }

  boolean hasSeveral(FieldName name) {
    return (repeated & name.bit()) != 0;
  }

  /** The first field of this name from this one on; -1 when there is none. */
  int find(FieldName name, int from) {
    if (has(name)) {
      for (int i = from; i < size; i++) {
        if (names[i] == name) {
          return i;
        }
      }
    }
    return -1;
  }

  void append(FieldName known, int nameAt, int nameLength, int valueAt, int valueLength) {
    int at = size * NUMBERS;
    if (at == places.length) {
      places = Arrays.copyOf(places, (size + MORE_FIELDS) * 2 * NUMBERS);
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, (size + MORE_FIELDS) * 2);
    }
    places[at] = nameAt;
    places[at + 1] = nameLength;
    places[at + 2] = valueAt;
    places[at + 3] = valueLength;
    names[size] = known;
    mark(known);
    size++;
  }

  /** Forgets all fields of these names. */
  void removeAll(FieldNames some) {
    if (hasAny(some)) {
      removeIf(field -> some.contains(names[field]));
    }
  }

  /** Forgets the fields that the condition holds for; it is asked for each once, in order. */
  void removeIf(IntPredicate condition) {
    int kept = 0;
    present = 0;
    repeated = 0;
    for (int i = 0; i < size; i++) {
      if (!condition.test(i)) {
        mark(names[i]);
        keep(i, kept++);
      }
    }
    size = kept;
  }

  private void mark(FieldName known) {
    repeated |= present & known.bit();
    present |= known.bit();
  }

  private void keep(int field, int place) {
    if (field != place) {
      names[place] = names[field];
      System.arraycopy(places, field * NUMBERS, places, place * NUMBERS, NUMBERS);
    }
  }
}
