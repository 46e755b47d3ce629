package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A list that the engine answered with, and by what to know the same answer again. Of the answer
 * itself nothing is kept: the list of tasks of a large Swarm has megabytes.
 */
final class Answer<T> {

  /** Reads a list to its end. */
  @FunctionalInterface
  interface Reader<T> {
    List<T> read(InputStream json) throws IOException;
  }

  private final Fingerprint fingerprint;
  private final List<T> list;

  private Answer(Fingerprint fingerprint, List<T> list) {
    this.fingerprint = fingerprint;
    this.list = List.copyOf(list);
  }

  /** The answer to a question that was not asked yet. */
  static <T> Answer<T> none() {
    return new Answer<>(Fingerprint.NONE, List.of());
  }

  /**
   * Reads an answer while it comes.
   *
   * @param limitBytes what may be read at most
   * @throws UnreadableAnswerException when the reader cannot read it
   * @throws ReaderDefectException when the reader itself fails
   * @throws IOException when it does not come whole, or is longer than the limit
   */
  static <T> Answer<T> read(InputStream in, long limitBytes, Reader<T> reader) throws IOException {
    FingerprintStream stream = new FingerprintStream(in, limitBytes);
    try {
      List<T> list = reader.read(stream);
      return new Answer<>(stream.toTheEnd(), list);
    } catch (IOException e) {
      throw stream.hasFailed() ? e : new UnreadableAnswerException(e);
    } catch (RuntimeException e) {
      throw stream.hasFailed() ? e : new ReaderDefectException(e);
    }
  }

  /**
   * Whether another answer is the same, which is read to its end.
   *
   * @throws IOException when it does not come whole, or is longer than the limit
   */
  boolean isSame(InputStream in, long limitBytes) throws IOException {
    return fingerprint.isSame(new FingerprintStream(in, limitBytes).toTheEnd());
  }

  /** Whether this is the answer to a question that was not asked yet. */
  boolean isNone() {
    return fingerprint.equals(Fingerprint.NONE);
  }

  List<T> list() {
    return list;
  }
}
