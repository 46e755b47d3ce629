package dev.fairlead.acme.dns;

import java.util.List;

/**
 * The CAA records that are about a host (RFC 8659 §3): those of the nearest name above it, or its
 * own, that has any.
 *
 * @param name that has them
 * @param entries as DNS tells them; one at least
 */
public record CaaSet(String name, List<Entry> entries) {

  public CaaSet {
    entries = List.copyOf(entries);
  }

  /**
   * One record.
   *
   * @param critical whether a CA must refuse when it does not know the tag
   * @param tag in lower case, such as {@code issue}
   * @param value with parameters, as it was written
   */
  public record Entry(boolean critical, String tag, String value) {}
}
