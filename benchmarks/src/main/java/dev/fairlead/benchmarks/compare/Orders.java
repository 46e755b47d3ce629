package dev.fairlead.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * How a script works with a load that is warm already: it writes an order, {@code SECONDS HOST
 * PORT}, to the standard input, and reads one line of what was done. Ends with the input.
 */
final class Orders {

  /** A load, for as long as an order says. */
  @FunctionalInterface
  interface Load {
    /** Returns what was done, as pairs {@code key=value} with spaces between. */
    String run(int seconds, String host, int port) throws Exception;
  }

  private Orders() {}

  static void serve(Load load) throws Exception {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] order = line.split(" ", -1);
        if (order.length != 3) {
          throw new IOException(line + " (expected: SECONDS HOST PORT)");
        }
        System.out.println(
            load.run(Integer.parseInt(order[0]), order[1], Integer.parseInt(order[2])));
      }
    }
  }
}
