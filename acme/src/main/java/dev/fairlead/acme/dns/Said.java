package dev.fairlead.acme.dns;

import java.util.Optional;

/** What others said, as a part of one sentence: on one line, cut. */
final class Said {

  private static final int LONGEST = 300;

  private Said() {}

  static String line(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  static String line(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    return line(
        Optional.ofNullable(cause.getMessage()).map(said -> name + " " + said).orElse(name));
  }
}
