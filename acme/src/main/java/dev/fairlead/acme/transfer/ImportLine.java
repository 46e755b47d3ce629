package dev.fairlead.acme.transfer;

/**
 * What became of one certificate or account.
 *
 * @param subject the names it is for, or where it lies
 * @param outcome in a word
 * @param detail the rest of the sentence
 */
public record ImportLine(String subject, Outcome outcome, String detail) {

  /** What became of it. */
  public enum Outcome {
    /** It is on the storage now; of a trial, it would be. */
    IMPORTED,
    /** It is of no use here, or something better is there. */
    NOT_NEEDED,
    /** It would be of use. */
    NOT_POSSIBLE
  }

  @Override
  public String toString() {
    return subject + ": " + detail;
  }
}
