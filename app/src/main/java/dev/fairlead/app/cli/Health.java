package dev.fairlead.app.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * What {@code fairlead health} does: one request to {@code /readyz}. A container asks every few
 * seconds, each time with a process of its own, so it has to load little: no library for command
 * lines, and no HTTP client for an answer of our own making.
 */
final class Health {

  private static final int TIMEOUT_MILLIS = 3000;
  private static final int LIMIT_BYTES = 1 << 20;

  private Health() {}

  /** Prints what the proxy says; returns the exit code. */
  static int ask(ChosenSettings chosen, PrintWriter out, PrintWriter err) {
    Optional<Settings> settings = chosen.load(err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    ListenAddress admin = settings.get().listeners().admin();
    // Listening on all addresses includes the loopback.
    String host = admin.host().orElse("127.0.0.1");
    try {
      String answer = answer(new InetSocketAddress(host, admin.port()));
      int body = answer.indexOf("\r\n\r\n");
      if (!answer.startsWith("HTTP/1.1 ") || body < 0) {
        throw new IOException("what answers there is no Fairlead");
      }
      out.print(answer.substring(body + 4));
      out.flush();
      return answer.startsWith("200 ", 9) ? ExitCode.OK : ExitCode.NO;
    } catch (IOException e) {
      err.println("no answer at %s:%d: %s".formatted(host, admin.port(), e.getMessage()));
      return ExitCode.NO;
    }
  }

  private static String answer(InetSocketAddress admin) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(admin, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET /readyz HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n"
                  .getBytes(US_ASCII));
      return new String(socket.getInputStream().readNBytes(LIMIT_BYTES), UTF_8);
    }
  }
}
