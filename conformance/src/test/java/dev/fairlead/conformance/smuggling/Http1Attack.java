package dev.fairlead.conformance.smuggling;

import dev.fairlead.conformance.smuggling.Row.Protocol;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;

/** Sends a row's bytes over HTTP/1 as they are, and reads what comes. */
final class Http1Attack implements AutoCloseable {

  private static final int READ_LIMIT_MILLIS = 5_000;

  private final Row row;
  private final Wire wire;
  private final Outcome outcome = new Outcome();

  Http1Attack(Row row, ProxyFixture proxy) throws IOException {
    this.row = row;
    this.wire = row.protocol() == Protocol.TLS ? proxy.connectTls(Row.HOST) : proxy.connect();
    wire.socket().setSoTimeout(READ_LIMIT_MILLIS);
  }

  /**
   * Sends all, and reads so many answers.
   *
   * @param answers that are expected
   */
  Outcome run(List<String> answers) throws IOException {
    List<String> pieces = Http1Bytes.of(row.lines());
    for (int i = 0; i < pieces.size(); i++) {
      if (i > 0 && !read()) {
        return outcome;
      }
      try {
        wire.send(pieces.get(i));
      } catch (SocketException refused) {
        // The proxy had enough before the end; it says so in what is read now.
      }
    }
    boolean open = true;
    while (open && outcome.answers().size() < answers.size()) {
      open =
          switch (answers.get(outcome.answers().size())) {
            case Row.CLOSED -> readEnd();
            case Row.LEFT -> leave();
            default -> read();
          };
    }
    return outcome;
  }

  /** Asks for something harmless on the same connection. */
  Outcome next(String path) throws IOException {
    Outcome next = new Outcome();
    wire.get(Row.HOST, path);
    Message answer = wire.read();
    next.answered(String.valueOf(answer.status()), answer.value("x-seen"));
    return next;
  }

  /** Reads an answer; tells whether one came. */
  private boolean read() throws IOException {
    try {
      int number = outcome.finals();
      boolean toHead = number < row.sees().size() && row.sees().get(number).method().equals("HEAD");
      Message answer = toHead ? wire.readWithoutBody() : wire.read();
      outcome.answered(String.valueOf(answer.status()), answer.value("x-seen"));
      return true;
    } catch (EOFException | SocketException closed) {
      outcome.answers().add(Row.CLOSED);
    } catch (SocketTimeoutException silent) {
      outcome.answers().add("silence");
    }
    return false;
  }

  private boolean readEnd() throws IOException {
    try {
      wire.awaitClose();
      outcome.answers().add(Row.CLOSED);
    } catch (SocketTimeoutException open) {
      outcome.answers().add("still open");
    } catch (IOException more) {
      outcome.answers().add("more than was asked for");
    }
    return false;
  }

  // Goes away without having read anything.
  private boolean leave() {
    outcome.answers().add(Row.LEFT);
    return false;
  }

  @Override
  public void close() {
    wire.close();
  }
}
