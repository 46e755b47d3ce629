package dev.fairlead.acme;

/** What was asked for cannot be done; the message is one sentence for who asked. */
public final class ActionException extends Exception {

  ActionException(String message) {
    super(message);
  }
}
