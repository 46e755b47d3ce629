package dev.fairlead.discovery.swarm;

/** A defect of this program showed while it read an answer: no fault of the engine. */
final class ReaderDefectException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ReaderDefectException(RuntimeException cause) {
    super(cause);
  }
}
