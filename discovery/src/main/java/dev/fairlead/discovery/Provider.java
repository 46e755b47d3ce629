package dev.fairlead.discovery;

import java.time.Duration;

/**
 * A source of services. {@link #look} and {@link #pause} are called by one virtual thread, the
 * other methods by any.
 */
public interface Provider extends AutoCloseable {

  /** What the source is, for people: {@code Docker Swarm}. Unique among the providers. */
  String name();

  /**
   * Begins to listen for changes, where the source can tell of them. Called once, does not block.
   *
   * @param wake to be called when a look is worth it now; cheap, from any thread
   */
  void start(Runnable wake);

  /**
   * Looks at the source. Blocks, with time limits of its own, and ends early when the thread is
   * interrupted. Does not throw: what goes wrong is a {@link Discovery.Failed}.
   */
  Discovery look();

  /** How long to wait until the next look when nothing wakes the reconciler before. */
  Duration pause();

  /** Stops listening; waits for that a second at most. */
  @Override
  void close();
}
