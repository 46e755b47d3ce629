package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** All kinds of visits. */
final class Kinds {

  private Kinds() {}

  static List<Kind> all() {
    return Stream.of(
            OrdinaryVisits.kinds(),
            Http2Visits.kinds(),
            RefusedVisits.kinds(),
            AbortedVisits.kinds(),
            AbortedStreams.kinds(),
            BrokenApps.kinds())
        .flatMap(List::stream)
        .toList();
  }

  static void need(String what, long expected, long found) throws IOException {
    if (expected != found) {
      throw new IOException(what + ": " + found + " (expected: " + expected + ")");
    }
  }
}
