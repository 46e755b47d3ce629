package dev.fairlead.acme.issue;

/** Why a certificate is revoked (RFC 5280 §5.3.1), as far as owners of names may say it. */
public enum RevocationReason {
  /** Nothing is said. */
  UNSPECIFIED(org.shredzone.acme4j.RevocationReason.UNSPECIFIED),
  /** Somebody else may know the key. */
  KEY_COMPROMISE(org.shredzone.acme4j.RevocationReason.KEY_COMPROMISE),
  /** There is another one in its place. */
  SUPERSEDED(org.shredzone.acme4j.RevocationReason.SUPERSEDED),
  /** The name is not used any more. */
  CESSATION_OF_OPERATION(org.shredzone.acme4j.RevocationReason.CESSATION_OF_OPERATION);

  private final org.shredzone.acme4j.RevocationReason word;

  RevocationReason(org.shredzone.acme4j.RevocationReason word) {
    this.word = word;
  }

  /** What the CA is told. */
  org.shredzone.acme4j.RevocationReason word() {
    return word;
  }
}
