package dev.fairlead.discovery.swarm;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to an engine's stream of events, on a virtual thread of its own, and connects again when
 * it ends. Events are hints that it is worth to look: none is read, and none is relied on.
 */
final class EngineEvents implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EngineEvents.class);

  /** A node that goes takes tasks with it, of which no event tells. */
  private static final String PATH =
      "/events?filters="
          + URLEncoder.encode(
              "{\"type\":[\"service\",\"node\"],\"scope\":[\"swarm\"]}", StandardCharsets.UTF_8);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final EngineClient engine;
  private final Runnable hint;
  private final Thread thread;
  private volatile boolean listening;
  private volatile boolean closed;

  /**
   * A listener that is not started yet.
   *
   * @param hint called when something happened, or may have happened unseen; must be cheap
   */
  EngineEvents(EngineClient engine, Runnable hint) {
    this.engine = engine;
    this.hint = hint;
    this.thread = Thread.ofVirtual().name("docker events").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether the engine would tell of a change now. */
  boolean listening() {
    return listening;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(CLOSE_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      boolean worked = false;
      try {
        worked = listen();
      } catch (EngineException | IOException | UncheckedIOException e) {
        log.debug("The stream of Docker's events ended: {}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      } finally {
        listening = false;
      }
      pause = worked ? FIRST_PAUSE : longer(pause);
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Returns at the end of the stream whether there was any event. */
  private boolean listen() throws EngineException, IOException, InterruptedException {
    boolean any = false;
    try (Response response = engine.stream(PATH)) {
      InputStream body = response.getBody();
      listening = true;
      // What happened while nobody listened was not heard.
      hint.run();
      // One event a line, each sent at once.
      for (int c = body.read(); c >= 0; c = body.read()) {
        if (c == '\n') {
          any = true;
          hint.run();
        }
      }
    }
    return any;
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }
}
