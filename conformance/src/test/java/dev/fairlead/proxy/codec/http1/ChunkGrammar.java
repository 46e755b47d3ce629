package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.codec.http1.ChunkedBodyFuzzer.Reading;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of a body in chunks (RFC 9112 §7.1) with the limits of ours, written down as it is
 * read in one piece: the other opinion beside the state machine.
 */
final class ChunkGrammar {

  private static final String HEX = "0123456789abcdefABCDEF";
  private static final String MARKS = "!#$%&'*+-.^_`|~";

  /** The input ends before the body does. */
  private static final class Ended extends Exception {

    private static final long serialVersionUID = 1L;

    Ended() {
      super(null, null, false, false);
    }
  }

  /** The input is no body. */
  private static final class Wrong extends Exception {

    private static final long serialVersionUID = 1L;

    Wrong() {
      super(null, null, false, false);
    }
  }

  private final byte[] input;
  private final int maxTrailers;
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final List<String> trailers = new ArrayList<>();
  private int at;
  private int extensions;

  ChunkGrammar(byte[] input, int maxTrailers) {
    this.input = input;
    this.maxTrailers = maxTrailers;
  }

  Reading read() {
    try {
      for (long size = size(); size > 0; size = size()) {
        for (long i = 0; i < size; i++) {
          data.write(next());
        }
        need(next() == '\r');
        need(next() == '\n');
      }
      trailers();
      return reading(true);
    } catch (Ended e) {
      return reading(false);
    } catch (Wrong e) {
      return Reading.REFUSED;
    }
  }

  private Reading reading(boolean complete) {
    String text = data.toString(StandardCharsets.ISO_8859_1);
    return new Reading(false, complete, text, complete ? trailers : List.of(), at);
  }

  // chunk-size [ chunk-ext ] CRLF, and blanks before chunk-ext or CRLF
  private long size() throws Ended, Wrong {
    StringBuilder digits = new StringBuilder();
    int c = next();
    while (HEX.indexOf(c) >= 0) {
      digits.append((char) c);
      need(digits.length() <= 15);
      c = next();
    }
    need(!digits.isEmpty());
    int extension = 0;
    boolean blanks = true;
    while (c != '\r') {
      blanks &= c != ';';
      need(blanks ? c == ' ' || c == '\t' : isInValue(c));
      need(++extension <= 256);
      need(++extensions <= 16 * 1024);
      c = next();
    }
    need(next() == '\n');
    return Long.parseLong(digits.toString(), 16);
  }

  // trailer-section CRLF
  private void trailers() throws Ended, Wrong {
    int begin = at;
    while (true) {
      String name = "";
      int c = next(begin);
      while (isToken(c)) {
        name += (char) c;
        c = next(begin);
      }
      if (c == '\r' && name.isEmpty()) {
        need(next(begin) == '\n');
        return;
      }
      need(c == ':' && !name.isEmpty());
      StringBuilder value = new StringBuilder();
      for (c = next(begin); c != '\r'; c = next(begin)) {
        need(isInValue(c));
        value.append((char) c);
      }
      need(next(begin) == '\n');
      need(trailers.size() < 256);
      trailers.add(name + ":" + trimmed(value.toString()));
    }
  }

  // RFC 9112 §5.1. Not `$`, which stands before a last line break, too, and one of those is 0x85.
  private static String trimmed(String value) {
    return value.replaceFirst("^[ \t]+", "").replaceFirst("[ \t]+\\z", "");
  }

  private int next(int begin) throws Ended, Wrong {
    need(at - begin < maxTrailers);
    return next();
  }

  private int next() throws Ended {
    if (at == input.length) {
      throw new Ended();
    }
    return input[at++] & 0xff;
  }

  private static void need(boolean condition) throws Wrong {
    if (!condition) {
      throw new Wrong();
    }
  }

  private static boolean isToken(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || (c > 0 && MARKS.indexOf(c) >= 0);
  }

  private static boolean isInValue(int c) {
    return c == '\t' || (c >= ' ' && c != 0x7f);
  }
}
