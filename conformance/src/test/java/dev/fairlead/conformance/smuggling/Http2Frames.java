package dev.fairlead.conformance.smuggling;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the frames of a row that speaks HTTP/2 out of its lines: the name of a frame with what is
 * about it, and below it the fields of its header block.
 */
final class Http2Frames {

  private static final Pattern FIELD = Pattern.compile("(?:(.*?) )??= ?(.*)");

  private final List<Http2Frame> frames = new ArrayList<>();
  private int stream = -1;

  private Http2Frames() {}

  static List<Http2Frame> of(List<String> lines) {
    Http2Frames made = new Http2Frames();
    for (String line : lines) {
      if (line.startsWith("  ")) {
        made.field(line.substring(2));
      } else {
        made.frame(line);
      }
    }
    return made.frames;
  }

  private void frame(String line) {
    String kind = line.split(" ", 2)[0];
    String rest = line.substring(Math.min(line.length(), kind.length() + 1));
    switch (kind) {
      case "HEADERS" -> headers(rest);
      case "TRAILERS" -> add(Http2Frame.HEADERS, flags(rest) | Http2Frame.END_STREAM, "");
      case "MORE-HEADERS" -> add(Http2Frame.HEADERS, flags(rest), "");
      case "CONTINUATION" -> add(Http2Frame.CONTINUATION, flags(rest), "");
      case "DATA" -> data(rest);
      case "RESET" -> add(Http2Frame.RST_STREAM, 0, "\0\0\0\u0008");
      default -> throw new IllegalArgumentException("no frame: " + line);
    }
  }

  // HEADERS [end] [open] [METHOD path]
  private void headers(String rest) {
    stream += 2;
    String left = rest;
    int flags = Http2Frame.END_HEADERS;
    if (left.startsWith("end")) {
      flags |= Http2Frame.END_STREAM;
      left = left.substring(3).strip();
    }
    if (left.startsWith("open")) {
      flags &= ~Http2Frame.END_HEADERS;
      left = left.substring(4).strip();
    }
    add(Http2Frame.HEADERS, flags, "");
    if (!left.isEmpty()) {
      String[] parts = left.split(" ", 2);
      field(":method = " + parts[0]);
      field(":scheme = https");
      field(":authority = " + Row.HOST);
      field(":path = " + parts[1]);
    }
  }

  // DATA [end] = text
  private void data(String rest) {
    int flags = rest.startsWith("end") ? Http2Frame.END_STREAM : 0;
    int equals = rest.indexOf("= ");
    add(Http2Frame.DATA, flags, equals < 0 ? "" : Http1Bytes.resolve(rest.substring(equals + 2)));
  }

  private static int flags(String rest) {
    return rest.contains("open") ? 0 : Http2Frame.END_HEADERS;
  }

  private void add(int type, int flags, String payload) {
    frames.add(new Http2Frame(type, flags, stream, payload));
  }

  // name = value, where both may be empty
  private void field(String line) {
    Matcher parts = FIELD.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no field: " + line);
    }
    String name = parts.group(1) == null ? "" : parts.group(1);
    String field = Http2Frame.field(Http1Bytes.resolve(name), Http1Bytes.resolve(parts.group(2)));
    Http2Frame frame = frames.removeLast();
    add(frame.type(), frame.flags(), frame.payload() + field);
  }
}
