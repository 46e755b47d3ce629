package dev.fairlead.conformance.growth;

import java.io.IOException;

/**
 * One kind of visit to the proxy.
 *
 * @param share requests of it, of {@value #WHOLE} of all kinds
 * @param perVisit requests that one visit makes, most of the time on one connection
 */
record Kind(String name, int share, int perVisit, Visit visit) {

  static final int WHOLE = 10_000;

  /** What a visitor does. */
  @FunctionalInterface
  interface Visit {

    /**
     * Makes requests, and sees that each ends as it must.
     *
     * @param requests how many
     * @throws IOException when the proxy does anything else
     */
    void make(Run run, int requests) throws IOException;
  }
}
