/** An answer that came, but is not the one wanted. */
final class WrongAnswer extends Exception {
  private static final long serialVersionUID = 1;

  WrongAnswer(String message) {
    super(message);
  }
}
