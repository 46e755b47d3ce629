/** What is known of one exchange, whatever becomes of it. One thread at a time. */
final class Seen {
  /** Which task answered; empty as long as none has. */
  String task = "";

  /** Whether it was still well when the load had its end, and was left. */
  boolean unfinished;
}
