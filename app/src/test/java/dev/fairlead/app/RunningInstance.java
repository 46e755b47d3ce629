package dev.fairlead.app;

import dev.fairlead.app.instance.Instance;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.load.Parsed;
import dev.fairlead.config.load.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An instance within the test, with a visitor of its plain port and of its admin port. */
final class RunningInstance implements AutoCloseable {

  private final ByteArrayOutputStream accessLog = new ByteArrayOutputStream();
  private final Instance instance;

  RunningInstance(Path yaml, Map<String, String> flags) throws IOException, InterruptedException {
    instance =
        Instance.start(
            settings(yaml, flags), new PrintStream(accessLog, true, StandardCharsets.UTF_8));
  }

  private static Settings settings(Path yaml, Map<String, String> flags) {
    return switch (SettingsLoader.load(Optional.of(yaml), Map.of(), flags)) {
      case Parsed.Valid<Settings>(Settings valid) -> valid;
      case Parsed.Invalid<Settings>(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  Instance instance() {
    return instance;
  }

  String accessLog() {
    return accessLog.toString(StandardCharsets.UTF_8);
  }

  /** A whole response on the plain port, head and body. */
  String get(String host, String path, String... fields) throws IOException {
    InetSocketAddress address = instance.httpAddress();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(60_000);
      String more = Stream.of(fields).map(field -> field + "\r\n").collect(Collectors.joining());
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n".formatted(path, host, more);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Status and body of a page of the admin port, with a space between them. */
  String admin(String path) throws IOException {
    InetSocketAddress address = instance.adminAddress();
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + address.getPort() + path).toURL().openConnection();
    int status = connection.getResponseCode();
    var body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    instance.close();
  }
}
