package dev.fairlead.app.alert;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What people are told, before it gets the form of a channel.
 *
 * @param subject what it is about in general
 * @param title one line
 * @param open names that need somebody, at most {@link #MOST_NAMES}
 * @param moreOpen how many further ones there are
 * @param solved names that are in order again, at most {@link #MOST_NAMES}
 * @param moreSolved how many further ones there are
 * @param from the machine that tells it
 * @param time when
 */
record AlertMessage(
    Subject subject,
    String title,
    List<NameAlert> open,
    int moreOpen,
    List<String> solved,
    int moreSolved,
    String from,
    Instant time) {

  static final int MOST_NAMES = 20;

  /** What a message is about. */
  enum Subject {
    PROBLEM,
    SOLVED,
    TEST
  }

  AlertMessage {
    open = List.copyOf(open);
    solved = List.copyOf(solved);
  }

  static AlertMessage of(List<NameAlert> open, List<String> solved, String from, Instant time) {
    return new AlertMessage(
        open.isEmpty() ? Subject.SOLVED : Subject.PROBLEM,
        title(open, solved),
        open.subList(0, Math.min(MOST_NAMES, open.size())),
        Math.max(0, open.size() - MOST_NAMES),
        solved.subList(0, Math.min(MOST_NAMES, solved.size())),
        Math.max(0, solved.size() - MOST_NAMES),
        from,
        time);
  }

  /** Shows that a channel works. */
  static AlertMessage test(String from, Instant time) {
    return new AlertMessage(
        Subject.TEST, "Fairlead: a test, alerts come here", List.of(), 0, List.of(), 0, from, time);
  }

  private static String title(List<NameAlert> open, List<String> solved) {
    if (open.isEmpty()) {
      return solved.size() == 1
          ? "Solved: the certificate of %s is in order".formatted(solved.getFirst())
          : "Solved: %d certificates are in order".formatted(solved.size());
    }
    return open.size() == 1
        ? "%s: %s".formatted(open.getFirst().name(), open.getFirst().words())
        : "%d certificates need attention".formatted(open.size());
  }

  /** The text below the title. */
  String text() {
    return text(Integer.MAX_VALUE, UnaryOperator.identity());
  }

  /**
   * The same with no more than so many bytes of UTF-8, title not included; names that do not fit
   * are counted.
   *
   * @param escape what the channel needs done to texts
   */
  String text(int maxBytes, UnaryOperator<String> escape) {
    Lines lines = new Lines(maxBytes, escape);
    if (subject == Subject.TEST) {
      lines.add("When a certificate is not renewed in time, this is where it is said.");
    }
    int left = lines.addAll(open.stream().map(NameAlert::paragraph).toList());
    lines.addCount(left + moreOpen, "more");
    int leftSolved =
        lines.addAll(
            solved.stream()
                .map("%s: its certificate is in order again, or not wanted"::formatted)
                .toList());
    lines.addCount(leftSolved + moreSolved, "more in order again");
    lines.add("Told by Fairlead on %s.".formatted(from));
    return lines.toString();
  }

  /** Paragraphs, as many as fit. */
  private static final class Lines {

    /** For what is said at the end whatever else there is. */
    private static final int RESERVE_BYTES = 400;

    private final int maxBytes;
    private final UnaryOperator<String> escape;
    private final StringBuilder text = new StringBuilder();
    private int bytes;

    Lines(int maxBytes, UnaryOperator<String> escape) {
      this.maxBytes = maxBytes - RESERVE_BYTES;
      this.escape = escape;
    }

    void add(String paragraph) {
      append(escape.apply(paragraph));
    }

    /** Returns how many did not fit. */
    int addAll(List<String> paragraphs) {
      for (int i = 0; i < paragraphs.size(); i++) {
        String escaped = escape.apply(paragraphs.get(i));
        if (bytes + length(escaped) > maxBytes) {
          return paragraphs.size() - i;
        }
        append(escaped);
      }
      return 0;
    }

    void addCount(int count, String what) {
      if (count > 0) {
        add("And %d %s.".formatted(count, what));
      }
    }

    private void append(String escaped) {
      text.append(text.isEmpty() ? "" : "\n").append(escaped);
      bytes += length(escaped);
    }

    private static int length(String paragraph) {
      return paragraph.getBytes(StandardCharsets.UTF_8).length + 1;
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
