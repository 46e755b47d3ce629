package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.util.List;

/**
 * A list that the engine answered with, and the bytes it was read from: most answers are the same
 * as the one before, and then nothing is parsed and nothing is compared but bytes.
 */
final class Answer<T> {

  /** Turns bytes into a list. */
  @FunctionalInterface
  interface Reader<T> {
    List<T> read(byte[] json) throws IOException;
  }

  private final byte[] body;
  private final List<T> list;

  private Answer(byte[] body, List<T> list) {
    this.body = body;
    this.list = List.copyOf(list);
  }

  /** The answer to a question that was not asked yet. */
  static <T> Answer<T> none() {
    return new Answer<>(new byte[0], List.of());
  }

  /**
   * Reads another answer.
   *
   * @throws IOException when the reader cannot read it
   */
  static <T> Answer<T> of(byte[] body, Reader<T> reader) throws IOException {
    return new Answer<>(body, reader.read(body));
  }

  /** As it came; not to be changed. */
  byte[] body() {
    return body;
  }

  List<T> list() {
    return list;
  }
}
