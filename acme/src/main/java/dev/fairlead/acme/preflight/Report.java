package dev.fairlead.acme.preflight;

/**
 * What a look at a host told.
 *
 * @param verdict about an order
 * @param seen what DNS said, as a fingerprint to compare: another one is worth another try; {@link
 *     #SILENT} when no server told
 */
public record Report(Verdict verdict, String seen) {

  /** The fingerprint of no answer. */
  public static final String SILENT = "silent";
}
