import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/**
 * How the server is reached: its addresses, and the URL that is asked for.
 *
 * @param leaving whether the load is at its end: what would go on is left then
 */
record Server(Addresses addresses, URI uri, SSLContext tls, BooleanSupplier leaving) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  Exchange exchange(String kind) {
    return switch (kind) {
      case "new" -> once(connection -> connection.get(uri.getRawPath()));
      case "slow" -> once(connection -> connection.get("/slow"));
      case "reused" -> reused(connection -> connection.get(uri.getRawPath()));
      case "h2" -> multiplexed();
      case "post" -> reused(new Uploads("POST", 1024));
      case "upload" -> reused(new Uploads("PUT", 10_000_000));
      case "download" -> once(Streams.download(leaving, 30));
      case "events" -> once(Streams.events(leaving, Duration.ofSeconds(30)));
      case "websocket" -> once(Streams.webSocket(leaving, Duration.ofSeconds(30)));
      default -> throw new IllegalArgumentException("no such kind: " + kind);
    };
  }

  /** What is done by a connection. */
  interface Visit {
    void by(Connection connection) throws Exception;
  }

  private Exchange once(Visit visit) {
    return seen -> {
      try (Connection connection = new Connection(this)) {
        visit(connection, visit, seen);
      }
    };
  }

  /** By a connection that is kept for the next one. */
  private Exchange reused(Visit visit) {
    Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    return seen -> {
      Connection connection = idle.pollFirst();
      while (connection != null && connection.isStale()) {
        connection.close();
        connection = idle.pollFirst();
      }
      if (connection == null) {
        connection = new Connection(this);
      }
      try {
        visit(connection, visit, seen);
      } catch (Exception failure) {
        connection.close();
        throw failure;
      }
      if (connection.isLasting()) {
        idle.addFirst(connection);
      } else {
        connection.close();
      }
    };
  }

  private static void visit(Connection connection, Visit visit, Seen seen) throws Exception {
    try {
      visit.by(connection);
    } finally {
      seen.task = connection.task();
      seen.unfinished = connection.isUnfinished();
    }
  }

  private Exchange multiplexed() {
    HttpClient client = HttpClient.newBuilder().sslContext(tls).connectTimeout(TIMEOUT).build();
    return seen -> {
      HttpResponse<byte[]> response = send(client);
      seen.task = response.headers().firstValue("x-task").orElse("");
      if (response.statusCode() != 200) {
        throw new WrongAnswer("status " + response.statusCode());
      }
      if (response.version() != HttpClient.Version.HTTP_2) {
        throw new WrongAnswer("not HTTP/2");
      }
    };
  }

  private HttpResponse<byte[]> send(HttpClient client) throws Exception {
    for (int left = addresses.count(); ; left--) {
      InetSocketAddress address = addresses.current();
      URI at = URI.create("https://" + uri.getHost() + ":" + address.getPort() + uri.getRawPath());
      try {
        return client.send(
            HttpRequest.newBuilder(at).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
      } catch (ConnectException refused) {
        if (left == 1) {
          throw refused;
        }
        addresses.leave(address);
      }
    }
  }
}
