package dev.fairlead.acme.store;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Secrets that instances derive the keys of TLS session tickets from, as a succession: one is known
 * to all before it is used, and accepted for a while after it was.
 */
public final class TicketKeys {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  /** That are still accepted, each for as long as one is used. */
  private static final int MOST_PREVIOUS = 2;

  private static final List<String> ROLES = List.of("next", "current", "previous", "previous");

  /** In the order of {@link #ROLES}, as Base64: at least two. */
  private final List<String> keys;

  private TicketKeys(List<String> keys) {
    this.keys = keys;
  }

  /** New ones that nobody has seen. */
  public static TicketKeys create() {
    return new TicketKeys(List.of(random(), random()));
  }

  /** Those after these: the next one is used, and there is another next one. */
  public TicketKeys rotated() {
    return new TicketKeys(
        Stream.concat(Stream.of(random()), keys.stream()).limit(2 + MOST_PREVIOUS).toList());
  }

  /** The secrets: that which encrypts, then those that are accepted. */
  public List<byte[]> secrets() {
    List<String> ordered = new ArrayList<>(keys);
    ordered.add(0, ordered.remove(1));
    return ordered.stream().map(Base64.getDecoder()::decode).toList();
  }

  /** A line for each, with what it is. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < keys.size(); i++) {
      text.append(ROLES.get(i)).append(' ').append(keys.get(i)).append('\n');
    }
    return text.toString();
  }

  /** Empty when it is damaged. */
  static Optional<TicketKeys> parse(String text) {
    List<String> lines = text.lines().toList();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < lines.size() && i < ROLES.size(); i++) {
      String role = ROLES.get(i) + " ";
      if (!lines.get(i).startsWith(role) || !isKey(lines.get(i).substring(role.length()))) {
        return Optional.empty();
      }
      keys.add(lines.get(i).substring(role.length()));
    }
    return keys.size() >= 2 && keys.size() == lines.size()
        ? Optional.of(new TicketKeys(List.copyOf(keys)))
        : Optional.empty();
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static String random() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TicketKeys that && keys.equals(that.keys);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }

  /** Never the keys. */
  @Override
  public String toString() {
    return "TicketKeys[" + keys.size() + "]";
  }
}
