import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLContext;

/** How the server is reached: its address, and the URL that is asked for. */
record Server(String address, URI uri, SSLContext tls) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  Exchange exchange(String kind) {
    return switch (kind) {
      case "new" -> () -> askOnce(uri.getRawPath());
      case "slow" -> () -> askOnce("/slow");
      case "reused" -> reused(connection -> connection.get(uri.getRawPath()));
      case "h2" -> multiplexed();
      case "post" -> reused(new Uploads("POST", 1024));
      case "upload" -> reused(new Uploads("PUT", 10_000_000));
      case "download" -> Streams.download(this, 30);
      case "events" -> Streams.events(this, Duration.ofSeconds(30));
      case "websocket" -> Streams.webSocket(this, Duration.ofSeconds(30));
      default -> throw new IllegalArgumentException("no such kind: " + kind);
    };
  }

  /** What is done by a connection. */
  interface Visit {
    void by(Connection connection) throws Exception;
  }

  private void askOnce(String path) throws Exception {
    try (Connection connection = new Connection(this)) {
      connection.get(path);
    }
  }

  /** By a connection that is kept for the next one. */
  private Exchange reused(Visit visit) {
    Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    return () -> {
      Connection connection = idle.pollFirst();
      if (connection == null) {
        connection = new Connection(this);
      }
      try {
        visit.by(connection);
      } catch (Exception failure) {
        connection.close();
        throw failure;
      }
      idle.addFirst(connection);
    };
  }

  private Exchange multiplexed() {
    HttpClient client = HttpClient.newBuilder().sslContext(tls).build();
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
    return () -> {
      var response = client.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new WrongAnswer("status " + response.statusCode());
      }
      if (response.version() != HttpClient.Version.HTTP_2) {
        throw new WrongAnswer("not HTTP/2");
      }
    };
  }
}
