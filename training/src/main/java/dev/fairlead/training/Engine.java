package dev.fairlead.training;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A manager's engine on a unix socket: it answers what a proxy asks, and has no events to tell. */
public final class Engine implements AutoCloseable {

  private static final String HEAD =
      """
      HTTP/1.1 200 OK\r
      Api-Version: 1.41\r
      Content-Type: application/json\r
      Docker-Experimental: false\r
      Ostype: linux\r
      Server: Docker/20.10.24+dfsg1 (linux)\r
      Transfer-Encoding: chunked\r
      \r
      """;

  private final Path socket;
  private final ServerSocketChannel server;
  private final byte[] tasks;
  private final byte[] services;
  private final byte[] networks;

  private Engine(Path socket, ServerSocketChannel server, Swarm swarm) {
    this.socket = socket;
    this.server = server;
    this.tasks = bytes(swarm.listOfTasks());
    this.services = bytes(swarm.listOfServices());
    this.networks = bytes(swarm.listOfNetworks());
  }

  /**
   * Listens from now on.
   *
   * @param socket a path where nothing is yet
   */
  public static Engine start(Path socket, Swarm swarm) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Engine engine = new Engine(socket, server, swarm);
    Thread.ofPlatform().daemon().name("engine").start(engine::accept);
    return engine;
  }

  /** As {@code docker.endpoint} names it. */
  public URI endpoint() {
    return URI.create("unix://" + socket);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        Thread.ofPlatform().daemon().name("engine").start(() -> serve(client));
      }
    } catch (IOException closed) {
      // nobody asks any more
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        InputStream in = new BufferedInputStream(Channels.newInputStream(client));
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(client), 65_536)) {
      for (String path = path(in); !path.isEmpty(); path = path(in)) {
        out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
        if (path.contains("/events")) {
          out.flush();
          continue; // whoever listens asks for nothing else
        }
        chunk(out, answer(path));
        out.flush();
      }
    } catch (IOException gone) {
      // the proxy has closed it
    }
  }

  private byte[] answer(String path) {
    if (path.contains("/tasks")) {
      return tasks;
    }
    if (path.contains("/services")) {
      return services;
    }
    return path.contains("/networks") ? networks : bytes("OK");
  }

  /** As a real engine: one chunk, however long. */
  private static void chunk(OutputStream out, byte[] body) throws IOException {
    out.write(bytes(Integer.toHexString(body.length) + "\r\n"));
    out.write(body);
    out.write(bytes("\r\n0\r\n\r\n"));
  }

  /** The path of the next request; empty when there is none any more. */
  private static String path(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
