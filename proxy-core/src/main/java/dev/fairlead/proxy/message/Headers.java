package dev.fairlead.proxy.message;

import java.util.Arrays;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order in which they came, names as they were spelled (RFC 9110 §5). Names
 * are compared without regard to case. Not thread-safe: belongs to one event loop.
 */
public final class Headers {

  private static final int FIRST_CAPACITY = 24;

  // Name and value by turns.
  private String[] fields = new String[FIRST_CAPACITY];
  private int length;

  /** Takes one field after another. */
  @FunctionalInterface
  public interface Visitor {
    void field(String name, String value);
  }

  /** Appends a field, beside others of the same name. */
  public Headers add(String name, String value) {
    if (length == fields.length) {
      fields = Arrays.copyOf(fields, length * 2);
    }
    fields[length] = name;
    fields[length + 1] = value;
    length += 2;
    return this;
  }

  /** Replaces all fields of this name by one. */
  public Headers set(String name, String value) {
    remove(name);
    return add(name, value);
  }

  /** The value of the first field of this name; null when there is none. */
  public @Nullable String get(String name) {
    for (int i = 0; i < length; i += 2) {
      if (fields[i].equalsIgnoreCase(name)) {
        return fields[i + 1];
      }
    }
    return null;
  }

  /** How many fields have this name. */
  public int count(String name) {
    int count = 0;
    for (int i = 0; i < length; i += 2) {
      if (fields[i].equalsIgnoreCase(name)) {
        count++;
      }
    }
    return count;
  }

  public boolean contains(String name) {
    return get(name) != null;
  }

  /** Removes all fields of this name. */
  public void remove(String name) {
    removeIf((field, value) -> field.equalsIgnoreCase(name));
  }

  /** Removes the fields whose name and value the condition holds for. */
  public void removeIf(BiPredicate<String, String> condition) {
    int kept = 0;
    for (int i = 0; i < length; i += 2) {
      if (!condition.test(fields[i], fields[i + 1])) {
        fields[kept] = fields[i];
        fields[kept + 1] = fields[i + 1];
        kept += 2;
      }
    }
    Arrays.fill(fields, kept, length, null);
    length = kept;
  }

  /**
   * Whether a field whose value is a comma-separated list (RFC 9110 §5.6.1) has this token in it,
   * in any case.
   */
  public boolean hasToken(String name, String token) {
    for (int i = 0; i < length; i += 2) {
      if (fields[i].equalsIgnoreCase(name) && listContains(fields[i + 1], token)) {
        return true;
      }
    }
    return false;
  }

  public void forEach(Visitor visitor) {
    for (int i = 0; i < length; i += 2) {
      visitor.field(fields[i], fields[i + 1]);
    }
  }

  public int size() {
    return length / 2;
  }

  private static boolean listContains(String list, String token) {
    for (int start = 0; start <= list.length(); ) {
      int comma = list.indexOf(',', start);
      int end = comma < 0 ? list.length() : comma;
      if (list.substring(start, end).strip().equalsIgnoreCase(token)) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  /** For tests and logs: names only, since values may be secrets. */
  @Override
  public String toString() {
    StringBuilder names = new StringBuilder("Headers[");
    for (int i = 0; i < length; i += 2) {
      names.append(i == 0 ? "" : ", ").append(fields[i]);
    }
    return names.append(']').toString();
  }
}
