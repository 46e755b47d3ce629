package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Says in one sentence why an engine did not answer, and what to do about it. */
final class EngineFailures {

  private static final int MESSAGE_CHARS = 200;

  private final URI endpoint;

  EngineFailures(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** No answer within the time. */
  EngineException timedOut(String path, Duration limit) {
    return new EngineException(
        "the Docker engine at %s did not answer GET %s within %s ms, look at its load and its log"
            .formatted(endpoint, path, limit.toMillis()));
  }

  /** No connection, or it broke. */
  EngineException broken(String path, Throwable cause) {
    return new EngineException(
        isUnix() ? brokenSocket(path, cause) : brokenTcp(path, cause), cause);
  }

  private String brokenSocket(String path, Throwable cause) {
    Path socket = Path.of(endpoint.getPath());
    String text = text(cause).toLowerCase(Locale.ROOT);
    if (text.contains("permission denied")) {
      return "no permission to use the Docker socket %s, set user: \"%s:%s\" for the proxy's service"
          .formatted(socket, id(Path.of("/proc/self"), "unix:uid"), id(socket, "unix:gid"));
    }
    if (Files.notExists(socket)) {
      return "there is no Docker socket %1$s, mount it (volumes: %1$s:%1$s:ro) or set docker.endpoint"
          .formatted(socket);
    }
    if (text.contains("connection refused")) {
      return "no Docker engine listens at %s, start it, and mount the socket of the one that runs"
          .formatted(socket);
    }
    return brokeOff(path, cause);
  }

  private String brokenTcp(String path, Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException) {
        return "docker.endpoint %s names a host that is not known".formatted(endpoint);
      }
    }
    return text(cause).toLowerCase(Locale.ROOT).contains("connection refused")
        ? "no Docker engine listens at %s, start it or set docker.endpoint".formatted(endpoint)
        : brokeOff(path, cause);
  }

  private String brokeOff(String path, Throwable cause) {
    return "GET %s at the Docker engine %s broke off: %s"
        .formatted(path, endpoint, shorten(text(cause)));
  }

  /** An answer with another status than 200. */
  EngineException status(String path, int status, byte[] body) {
    String message = shorten(new String(body, StandardCharsets.UTF_8));
    if (message.contains("not a swarm manager")) {
      return new EngineException(
          "the Docker engine at %s is no Swarm manager, run the proxy on managers"
                  .formatted(endpoint)
              + " (placement: constraints: [node.role == manager])");
    }
    if (status == 401 || status == 403) {
      return new EngineException(
          "GET %s is not allowed at %s, let its socket proxy pass GET /_ping, /events, /networks,"
                  .formatted(path, endpoint)
              + " /services and /tasks");
    }
    return new EngineException(
        "the Docker engine at %s answered GET %s with %d: %s"
            .formatted(endpoint, path, status, message));
  }

  /** An answer that is not what was asked for. */
  EngineException unreadable(String path, IOException cause) {
    return new EngineException(
        "what %s answered to GET %s is not what a Docker engine answers: %s"
            .formatted(endpoint, path, shorten(text(cause))),
        cause);
  }

  private boolean isUnix() {
    return "unix".equals(endpoint.getScheme());
  }

  private static Object id(Path path, String attribute) {
    try {
      return Files.getAttribute(path, attribute);
    } catch (IOException | UnsupportedOperationException e) {
      return "<" + attribute.substring(attribute.indexOf(':') + 1) + ">";
    }
  }

  private static String text(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /** One line of what others wrote, that can do no harm in a log. */
  private static String shorten(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() > MESSAGE_CHARS ? line.substring(0, MESSAGE_CHARS) + "…" : line;
  }
}
