package dev.fairlead.proxy.message;

/**
 * A set of {@link FieldName}s.
 *
 * @param bits one for each name, by its ordinal
 */
public record FieldNames(long bits) {

  public static FieldNames of(FieldName... names) {
    long bits = 0;
    for (FieldName name : names) {
      bits |= name.bit();
    }
    return new FieldNames(bits);
  }

  public FieldNames and(FieldNames others) {
    return new FieldNames(bits | others.bits);
  }

  public boolean contains(FieldName name) {
    return (bits & name.bit()) != 0;
  }
}
