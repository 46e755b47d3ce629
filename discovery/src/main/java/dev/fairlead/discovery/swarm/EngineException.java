package dev.fairlead.discovery.swarm;

/** The engine gave no usable answer. The message is one sentence with what to do about it. */
final class EngineException extends Exception {

  private static final long serialVersionUID = 1L;

  EngineException(String message) {
    super(message);
  }

  EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
