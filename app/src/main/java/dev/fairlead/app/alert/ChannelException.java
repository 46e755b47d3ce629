package dev.fairlead.app.alert;

/** A message was not taken; says why in one sentence, without secrets. */
final class ChannelException extends Exception {

  private final boolean lasting;

  ChannelException(String message, boolean lasting) {
    super(message);
    this.lasting = lasting;
  }

  /** Whether the same message would not be taken in a moment, either. */
  boolean isLasting() {
    return lasting;
  }

  /** The reason. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
