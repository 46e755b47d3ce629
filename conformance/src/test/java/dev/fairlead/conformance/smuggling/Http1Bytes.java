package dev.fairlead.conformance.smuggling;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the bytes of a row that speaks HTTP/1 out of its lines; one character is one byte. */
final class Http1Bytes {

  /** A line that stands for waiting for an answer before the rest is sent. */
  private static final String WAIT = "--";

  private static final Pattern REPEATED = Pattern.compile("\\{(\\\\x..|\\\\.|[^{}]+)\\*(\\d+)\\}");
  private static final Pattern REST = Pattern.compile("\\{rest([+-]\\d+)?\\}");
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final char CUT = '\uffff';

  private Http1Bytes() {}

  /** The pieces that are sent, each after the answer to the one before. */
  static List<String> of(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (line.equals(WAIT)) {
        text.append(CUT);
      } else if (isOpen(line)) {
        text.append(resolve(line.substring(0, line.length() - 1)));
      } else {
        text.append(resolve(line)).append("\r\n");
      }
    }
    return List.of(withLengths(text.toString()).split(String.valueOf(CUT), -1));
  }

  // One backslash at the end of a line: no line end is sent.
  private static boolean isOpen(String line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  /** Text without its escapes and repetitions. */
  static String resolve(String line) {
    return Escapes.resolve(
        REPEATED
            .matcher(line)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found.group(1).repeat(Integer.parseInt(found.group(2))))));
  }

  // {rest} is how many bytes stand behind the next empty line. The last one first: it may be among
  // the bytes that others count.
  private static String withLengths(String text) {
    String out = text;
    for (int at = out.lastIndexOf("{rest"); at >= 0; at = out.lastIndexOf("{rest")) {
      Matcher place = REST.matcher(out);
      int head = out.indexOf(END_OF_HEAD, at);
      if (!place.find(at) || head < 0) {
        throw new IllegalArgumentException("no empty line behind {rest} in: " + Escapes.show(out));
      }
      long cuts = out.substring(head).chars().filter(c -> c == CUT).count();
      long rest = out.length() - head - END_OF_HEAD.length() - cuts;
      long more = place.group(1) == null ? 0 : Long.parseLong(place.group(1));
      out = out.substring(0, at) + (rest + more) + out.substring(place.end());
    }
    return out;
  }
}
