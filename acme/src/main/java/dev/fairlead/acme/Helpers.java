package dev.fairlead.acme;

import java.util.ArrayList;
import java.util.List;

/**
 * The virtual threads beside those of the names, which work as long as the manager does.
 * Thread-safe.
 */
final class Helpers {

  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  /** Lets one begin its work, unless all have ended. */
  synchronized void start(String name, Runnable work) {
    if (!closed) {
      threads.add(Thread.ofVirtual().name(name).start(work));
    }
  }

  /**
   * Ends them, and lets none begin any more.
   *
   * @return those that were interrupted at their work
   */
  synchronized List<Thread> end() {
    closed = true;
    threads.forEach(Thread::interrupt);
    return List.copyOf(threads);
  }
}
