package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Many who make the visits of a mix at the same time, each one after the other. */
final class Visitors {

  private static final int COUNT = 256;
  private static final int MAX_COMPLAINTS = 20;

  private final Run run;
  private final List<Mix.Step> steps;
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  private Visitors(Run run, Mix mix) {
    this.run = run;
    this.steps = mix.steps();
  }

  /**
   * Makes all visits, or as many as there are until too many went wrong. Blocks.
   *
   * @return what went otherwise than it must
   */
  static List<String> make(Run run, Mix mix) throws InterruptedException {
    Visitors visitors = new Visitors(run, mix);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      threads.add(Thread.ofVirtual().start(visitors::visit));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(visitors.complaints);
  }

  private void visit() {
    for (int i = next.getAndIncrement(); i < steps.size(); i = next.getAndIncrement()) {
      Mix.Step step = steps.get(i);
      try {
        step.kind().visit().make(run, step.requests());
      } catch (IOException | RuntimeException e) {
        complaints.add(step.kind().name() + ": " + e);
        if (complaints.size() > MAX_COMPLAINTS) {
          return;
        }
      }
    }
  }
}
