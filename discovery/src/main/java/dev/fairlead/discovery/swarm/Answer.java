package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A list that the engine answered with, and the bytes it was read from: most answers are the same
 * as the one before, and then nothing is parsed and nothing is compared but bytes.
 */
final class Answer<T> {

  /** Reads a list to its end. */
  @FunctionalInterface
  interface Reader<T> {
    List<T> read(InputStream json) throws IOException;
  }

  private final Body body;
  private final List<T> list;

  private Answer(Body body, List<T> list) {
    this.body = body;
    this.list = List.copyOf(list);
  }

  /** The answer to a question that was not asked yet. */
  static <T> Answer<T> none() {
    return new Answer<>(Body.NONE, List.of());
  }

  /**
   * Reads another answer.
   *
   * @throws IOException when the reader cannot read it
   */
  static <T> Answer<T> of(Body body, Reader<T> reader) throws IOException {
    return new Answer<>(body, reader.read(body.open()));
  }

  /** As it came. */
  Body body() {
    return body;
  }

  List<T> list() {
    return list;
  }
}
