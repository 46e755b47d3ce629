package dev.fairlead.acme.dns;

import java.time.Duration;

/** Time that passes; tests let it pass faster. */
interface Ticker {

  /** The real one. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
          Thread.sleep(pause);
        }
      };

  /** As {@link System#nanoTime}. */
  long nanos();

  void sleep(Duration pause) throws InterruptedException;
}
