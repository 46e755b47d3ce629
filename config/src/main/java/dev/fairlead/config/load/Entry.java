package dev.fairlead.config.load;

/**
 * One key and its value, as a person wrote them.
 *
 * @param path the key, for problems
 * @param text the value, or words for what stands there instead of one
 * @param kind what stands there
 */
record Entry(String path, String text, Kind kind) {

  enum Kind {
    TEXT,
    /** A text that is never shown. */
    SECRET,
    /**
     * A text that is known only later, as it names a variable or an alias: neither right nor wrong.
     */
    VARIABLE,
    /** A mapping or a list of more than texts. */
    NO_TEXT
  }

  static Entry of(String path, String text) {
    return new Entry(path, text, Kind.TEXT);
  }
}
