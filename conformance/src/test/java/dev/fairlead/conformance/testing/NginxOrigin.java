package dev.fairlead.conformance.testing;

import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.EndpointSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real nginx as the app behind the proxy: one process at a port of its own at 127.0.0.1. */
public final class NginxOrigin implements AutoCloseable {

  private final Process process;
  private final int port;

  private NginxOrigin(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param folder of its own; what lies in its folder {@code files} is served
   * @param more directives of its server, as {@code location}
   */
  public static NginxOrigin start(Path folder, String more) throws IOException {
    Program nginx = Program.installed("nginx", "nginx-light");
    Files.createDirectories(folder.resolve("files"));
    int port = freePort();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration(port, more));
    Path output = folder.resolve("nginx.out");
    Process process =
        nginx.start(
            folder,
            output,
            "-e",
            "stderr",
            "-p",
            folder.toString(),
            "-c",
            configuration.toString());
    NginxOrigin origin = new NginxOrigin(process, port);
    try {
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> !process.isAlive() || origin.isListening());
      if (!process.isAlive()) {
        throw new IllegalStateException("nginx did not start:\n" + Files.readString(output));
      }
    } catch (RuntimeException e) {
      origin.close();
      throw e;
    }
    return origin;
  }

  private static String configuration(int port, String more) {
    return
"""
      daemon off;
      # one process, which runs as whoever runs the test
      master_process off;
      pid nginx.pid;
      worker_rlimit_nofile 20000;
      events { worker_connections 8000; }
      http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        client_max_body_size 0;
        server {
          listen 127.0.0.1:%d backlog=4096;
          root files;
          default_type text/plain;
      %s
        }
      }
"""
        .formatted(port, more);
  }

  // nginx can't be told to choose one itself. Somebody else may take it meanwhile: then the start
  // fails.
  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return any.getLocalPort();
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  public EndpointSpec endpoint() {
    return new EndpointSpec("127.0.0.1", port);
  }

  @Override
  public void close() {
    Program.end(process);
  }
}
