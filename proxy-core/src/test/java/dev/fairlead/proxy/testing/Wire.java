package dev.fairlead.proxy.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One end of a connection that speaks HTTP/1.1 byte by byte, so that a test can say everything,
 * also what is wrong. Every read ends after a limit ({@link SocketTimeoutException}). For one
 * thread.
 */
public final class Wire implements AutoCloseable {

  private static final Duration READ_LIMIT = Duration.ofSeconds(15);

  private static final Duration BLOCKED = Duration.ofMillis(700);

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  public Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(Math.toIntExact(READ_LIMIT.toMillis()));
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    this.out = socket.getOutputStream();
  }

  public Socket socket() {
    return socket;
  }

  /** Sends text; line ends are written as {@code \r\n} by the caller. */
  public Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public Wire send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends a head out of lines, with the empty line behind it. */
  public Wire head(String... lines) throws IOException {
    return send(String.join("\r\n", lines) + "\r\n\r\n");
  }

  /** Asks by GET. */
  public Wire get(String host, String path) throws IOException {
    return head("GET " + path + " HTTP/1.1", "Host: " + host);
  }

  /** Reads a request or response with its body, as its own framing says. */
  public Message read() throws IOException {
    return read(false);
  }

  /** Reads the response to HEAD. */
  public Message readWithoutBody() throws IOException {
    return read(true);
  }

  private Message read(boolean noBody) throws IOException {
    Message head = readHead();
    boolean response = head.start().startsWith("HTTP/");
    int status = response ? head.status() : 0;
    if (noBody || (response && (status < 200 || status == 204 || status == 304))) {
      return head;
    }
    if (head.value("transfer-encoding").toLowerCase(Locale.ROOT).equals("chunked")) {
      List<String> trailers = new ArrayList<>();
      byte[] body = readChunks(trailers);
      return new Message(head.start(), head.fields(), text(body), trailers);
    }
    String length = head.value("content-length");
    if (length.isEmpty()) {
      String body = response ? text(in.readAllBytes()) : "";
      return new Message(head.start(), head.fields(), body, List.of());
    }
    return new Message(
        head.start(), head.fields(), text(readBytes(Integer.parseInt(length))), List.of());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Reads up to the empty line behind the header fields. */
  public Message readHead() throws IOException {
    String start = readLine();
    return new Message(start, readLines(), "", List.of());
  }

  private List<String> readLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      lines.add(line);
    }
    return lines;
  }

  private byte[] readChunks(List<String> trailers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = readSize(); size > 0; size = readSize()) {
      body.write(readBytes(size));
      readLine();
    }
    trailers.addAll(readLines());
    return body.toByteArray();
  }

  private int readSize() throws IOException {
    return Integer.parseInt(readLine(), 16);
  }

  public String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = readByte(); c != '\n'; c = readByte()) {
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  public byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  private int readByte() throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new EOFException("closed");
    }
    return c;
  }

  /**
   * Sends zeros until the other side has taken none for a while.
   *
   * @return how many went out, at most about {@code limit}
   */
  public long sendUntilBlocked(long limit) throws InterruptedException {
    return sendUntilBlocked(new byte[64 * 1024], limit);
  }

  /** Sends the same bytes again and again until the other side has taken none for a while. */
  public long sendUntilBlocked(byte[] piece, long limit) throws InterruptedException {
    AtomicLong sent = new AtomicLong();
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (sent.get() < limit) {
                      out.write(piece);
                      sent.addAndGet(piece.length);
                    }
                  } catch (IOException closed) {
                    // The test is over.
                  }
                });
    long before;
    do {
      before = sent.get();
    } while (!sender.join(BLOCKED) && sent.get() > before);
    return sent.get();
  }

  /** Reads bytes and forgets them, as many as there are, up to {@code limit}. */
  public long skip(long limit) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long skipped = 0;
    while (skipped < limit) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, limit - skipped));
      if (count < 0) {
        break;
      }
      skipped += count;
    }
    return skipped;
  }

  /** Waits for the other side's close: an orderly one or a reset. Other bytes are an error. */
  public void awaitClose() throws IOException {
    int c;
    try {
      c = in.read();
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (IOException reset) {
      return;
    }
    if (c >= 0) {
      throw new IOException("expected the end, got byte " + c);
    }
  }

  /** Reads until the other side ends. */
  public void awaitEnd() throws IOException {
    skip(Long.MAX_VALUE);
  }

  /** Whether nothing comes for a moment and the connection stays open. */
  public boolean isSilent(Duration moment) throws IOException {
    int limit = socket.getSoTimeout();
    socket.setSoTimeout(Math.toIntExact(moment.toMillis()));
    try {
      in.mark(1);
      in.read();
      in.reset();
      return false;
    } catch (SocketTimeoutException silent) {
      return true;
    } finally {
      socket.setSoTimeout(limit);
    }
  }

  /** Closes by a reset instead of an orderly end. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a close that failed", e);
    }
  }
}
