package dev.fairlead.discovery.swarm;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Docker engine, by GET only. Every call has a deadline of its own, kept by cancelling the
 * virtual thread that makes it: docker-java's response timeout has no effect on a unix socket.
 *
 * <p>May be used by several threads.
 */
final class EngineClient implements AutoCloseable {

  private static final int LIMIT_BYTES = 64 * 1024 * 1024;
  private static final int MESSAGE_LIMIT_BYTES = 64 * 1024;

  private final URI endpoint;
  private final Duration timeout;
  private final HttpClientLoader http;
  private final EngineFailures failures;

  /** What paths begin with since the engine was asked for its version. */
  private volatile @Nullable String prefix;

  private EngineClient(URI endpoint, Duration timeout) {
    this.endpoint = endpoint;
    this.timeout = timeout;
    this.http = HttpClientLoader.start(endpoint, timeout);
    this.failures = new EngineFailures(endpoint);
  }

  /**
   * A client that connects when it is asked first.
   *
   * @param endpoint {@code unix:///path} or {@code tcp://host:port}
   * @param timeout of one call, from the connect to the last byte, and until it was read
   */
  static EngineClient of(URI endpoint, Duration timeout) {
    return new EngineClient(endpoint, timeout);
  }

  /**
   * Asks for a list: whether it is the same as before, and for the list itself only when it is not.
   *
   * @param path without the version
   * @param previous the answer before; returned again when the bytes are the same
   * @throws EngineException when there is no answer in time, or not one that can be read
   * @throws InterruptedException when the thread was interrupted; the call is cancelled then
   */
  <T> Answer<T> get(String path, Answer<T> previous, Answer.Reader<T> reader)
      throws EngineException, InterruptedException {
    String prefix = negotiated();
    if (!previous.isNone() && call(path, () -> isSame(path, prefix, previous))) {
      return previous;
    }
    return call(
        path,
        () -> {
          try (Response response = open(path, prefix)) {
            return Answer.read(response.getBody(), LIMIT_BYTES, reader);
          }
        });
  }

  private boolean isSame(String path, String prefix, Answer<?> previous)
      throws IOException, EngineException, ExecutionException, InterruptedException {
    try (Response response = open(path, prefix)) {
      return previous.isSame(response.getBody(), LIMIT_BYTES);
    }
  }

  /**
   * Opens a stream that stays open. The deadline is for its head only. An interrupt of the reading
   * thread ends a read.
   *
   * @return to be closed by the caller
   */
  Response stream(String path) throws EngineException, InterruptedException {
    String prefix = negotiated();
    return call(path, () -> open(path, prefix));
  }

  /** Asks for the version again before the next call: another engine may answer then. */
  void forgetVersion() {
    prefix = null;
  }

  @Override
  public void close() {
    try {
      http.close();
    } catch (IOException e) {
      throw new IllegalStateException("%s: %s".formatted(endpoint, e.getMessage()), e);
    }
  }

  private String negotiated() throws EngineException, InterruptedException {
    String known = prefix;
    if (known == null) {
      known =
          call(
              "/_ping",
              () -> {
                try (Response response = open("/_ping", "")) {
                  return ApiVersion.prefix(ApiVersion.parse(response.getHeader("Api-Version")));
                }
              });
      prefix = known;
    }
    return known;
  }

  private Response open(String path, String prefix)
      throws IOException, EngineException, ExecutionException, InterruptedException {
    Response response =
        http.get()
            .execute(Request.builder().method(Request.Method.GET).path(prefix + path).build());
    if (response.getStatusCode() == 200) {
      return response;
    }
    try (response) {
      InputStream body = response.getBody();
      throw failures.status(
          withoutQuery(path), response.getStatusCode(), body.readNBytes(MESSAGE_LIMIT_BYTES));
    }
  }

  private <T> T call(String path, Callable<T> work) throws EngineException, InterruptedException {
    String plainPath = withoutQuery(path);
    FutureTask<T> call = new FutureTask<>(work);
    Thread.ofVirtual().name("docker GET " + plainPath).start(call);
    try {
      return call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw failures.timedOut(plainPath, timeout);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EngineException known) {
        throw known;
      }
      if (e.getCause() instanceof ReaderDefectException defect) {
        throw defect;
      }
      if (e.getCause() instanceof UnreadableAnswerException unreadable) {
        throw failures.unreadable(plainPath, unreadable);
      }
      throw failures.broken(plainPath, e);
    } finally {
      call.cancel(true);
    }
  }

  private static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }
}
