package dev.fairlead.acme.transfer;

/** What is to be taken over cannot be read; the message is one sentence with the fix. */
public final class SourceException extends Exception {

  SourceException(String message) {
    super(message);
  }
}
