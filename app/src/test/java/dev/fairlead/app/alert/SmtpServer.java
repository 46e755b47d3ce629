package dev.fairlead.app.alert;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server that takes mails (RFC 5321) and remembers what it was told, one client at a time. */
final class SmtpServer implements AutoCloseable {

  private final ServerSocket socket;
  private final @Nullable SSLContext tls;
  private final boolean tlsAtOnce;
  private final boolean startTls;
  private final boolean login;
  private final List<String> answersToMail;

  final List<String> commands = new CopyOnWriteArrayList<>();
  final List<String> mails = new CopyOnWriteArrayList<>();

  private SmtpServer(
      @Nullable SSLContext tls,
      boolean tlsAtOnce,
      boolean startTls,
      boolean login,
      List<String> answersToMail)
      throws IOException {
    this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    this.tls = tls;
    this.tlsAtOnce = tlsAtOnce;
    this.startTls = startTls;
    this.login = login;
    this.answersToMail = new ArrayList<>(answersToMail);
    Thread.ofVirtual().start(this::accept);
  }

  static SmtpServer plain(String... answersToMail) throws IOException {
    return new SmtpServer(null, false, false, false, List.of(answersToMail));
  }

  /** Asks for STARTTLS, then for a login. */
  static SmtpServer startTls(SSLContext tls) throws IOException {
    return new SmtpServer(tls, false, true, true, List.of());
  }

  static SmtpServer tls(SSLContext tls) throws IOException {
    return new SmtpServer(tls, true, false, true, List.of());
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        client.setSoTimeout(20_000);
        new Conversation(client).hold();
      } catch (IOException e) {
        commands.add("(" + e.getClass().getSimpleName() + ")");
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private final class Conversation {

    private Socket client;
    private BufferedReader in;
    private OutputStream out;
    private boolean secure;

    Conversation(Socket client) throws IOException {
      this.client = client;
      this.in = reader(client);
      this.out = client.getOutputStream();
      if (tlsAtOnce) {
        secure();
      }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
      return new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private void secure() throws IOException {
      if (tls == null) {
        throw new IllegalStateException("no certificate");
      }
      SSLSocket wrapped =
          (SSLSocket) tls.getSocketFactory().createSocket(client, null, client.getPort(), true);
      wrapped.setUseClientMode(false);
      wrapped.startHandshake();
      client = wrapped;
      in = reader(wrapped);
      out = wrapped.getOutputStream();
      secure = true;
    }

    private void say(String line) throws IOException {
      out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    void hold() throws IOException {
      say("220 test ESMTP");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        commands.add((secure ? "tls " : "") + line);
        String[] words = line.toUpperCase(Locale.ROOT).split(" ", 2);
        switch (words[0]) {
          case "EHLO", "HELO" -> hello();
          case "STARTTLS" -> {
            say("220 go ahead");
            secure();
          }
          case "AUTH" -> login(line);
          case "MAIL" -> say(answersToMail.isEmpty() ? "250 ok" : answersToMail.removeFirst());
          case "DATA" -> mail();
          case "QUIT" -> {
            say("221 bye");
            return;
          }
          default -> say("250 ok");
        }
      }
    }

    private void hello() throws IOException {
      say("250-test");
      if (startTls && !secure) {
        say("250-STARTTLS");
      }
      if (login && (secure || !startTls)) {
        say("250-AUTH PLAIN");
      }
      say("250 8BITMIME");
    }

    private void login(String line) throws IOException {
      String given = line.substring("AUTH PLAIN".length()).strip();
      if (given.isEmpty()) {
        say("334 ");
        given = String.valueOf(in.readLine());
      }
      String text = new String(Base64.getDecoder().decode(given), StandardCharsets.UTF_8);
      // RFC 4616: for whom, who, password; "for whom" may be nothing or the same.
      String[] parts = text.split("\0", 3);
      boolean same = parts[0].isEmpty() || parts[0].equals(parts[1]);
      boolean right = same && parts[1].equals("fairlead") && parts[2].equals("s3cret");
      // Says what it got, as servers should not.
      say(right ? "235 welcome" : "535 5.7.8 no: %s %s %s".formatted(parts[1], parts[2], given));
    }

    private void mail() throws IOException {
      say("354 go on");
      StringBuilder text = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
        text.append(line).append('\n');
      }
      mails.add(text.toString());
      say("250 queued");
    }
  }
}
