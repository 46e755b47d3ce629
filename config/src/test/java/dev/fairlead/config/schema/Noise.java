package dev.fairlead.config.schema;

import java.util.random.RandomGenerator;

/** Texts that nobody thought of, for "throws for no input". */
public final class Noise {

  private static final String[] PIECES = {
    "",
    " ",
    ".",
    "..",
    "/",
    "//",
    ":",
    "::",
    "[",
    "]",
    "{",
    "}",
    "*",
    "*.",
    "&a",
    "*a",
    "<<",
    "%",
    "%00",
    ",",
    "-",
    "_",
    "=",
    "\"",
    "'",
    "\\",
    "\n",
    "\t",
    "\r",
    "\0",
    "#",
    "!",
    "!!binary",
    "|",
    ">",
    "?",
    "@",
    "`",
    "0",
    "-1",
    "99999999999999999999",
    "1e9",
    "true",
    "false",
    "off",
    "null",
    "~",
    "fairlead.",
    "routes.",
    "routes.a.",
    "port",
    "host",
    "path",
    "https",
    "unix://",
    "tcp://",
    "10.0.0.1:80",
    "fd00::1",
    "ä",
    "\u212A",
    "\u202E",
    "\uD800",
    "😀",
    "a".repeat(300)
  };

  private Noise() {}

  /** The text with a few pieces of it removed, doubled or replaced by something else. */
  public static String text(RandomGenerator random, String text) {
    StringBuilder noise = new StringBuilder(text);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int from = random.nextInt(noise.length() + 1);
      int to = Math.min(noise.length(), from + random.nextInt(4));
      noise.replace(from, to, PIECES[random.nextInt(PIECES.length)]);
    }
    return noise.toString();
  }
}
