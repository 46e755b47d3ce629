package dev.fairlead.conformance.smuggling;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends, and what must come of it.
 *
 * @param number of the row, which stands in the paths of its requests
 * @param place file and name
 * @param answers that the client gets, in order: statuses, then {@code closed} where the connection
 *     ends, or {@code left} where the client ends it; for HTTP/2 also {@code reset CODE} and {@code
 *     goaway CODE}
 * @param answersAt an origin by name, where they differ
 * @param sees the requests that the origin sees, in order, and no other
 * @param has fields, as {@code name: value}, of one of these requests at the app
 * @param lacks names of fields that none of them has there
 * @param because why the request may pass; empty where it does not
 * @param lines what is sent, with its escapes
 */
record Row(
    int number,
    String place,
    Protocol protocol,
    List<String> answers,
    Map<String, List<String>> answersAt,
    List<Expected> sees,
    List<String> has,
    List<String> lacks,
    String because,
    List<String> lines) {

  /** The host that rows ask for where they do not say another. */
  static final String HOST = "app.test";

  /** An answer that the connection ends. */
  static final String CLOSED = "closed";

  /** The client leaves and waits for no answer. */
  static final String LEFT = "left";

  private static final Pattern NUMBER = Pattern.compile("/([1-9][0-9]{2})(?=[/?]|$)");

  /** What is spoken, and on which port. */
  enum Protocol {
    PLAIN,
    TLS,
    HTTP_2
  }

  /**
   * A request that the origin sees.
   *
   * @param maybe whether it may as well not, because it never became complete
   * @param what method and target
   * @param body null for none
   */
  record Expected(boolean maybe, String what, String host, @Nullable String body) {

    String method() {
      return what.split(" ", 2)[0];
    }
  }

  /** What the client gets with this origin. */
  List<String> answersAt(OriginKind origin) {
    return answersAt.getOrDefault(origin.rowName(), answers);
  }

  /** Whether the client's connection can take another request afterwards. */
  boolean goesOn(OriginKind origin) {
    String last = answersAt(origin).getLast();
    return !last.equals(CLOSED) && !last.equals(LEFT) && !last.startsWith("goaway");
  }

  /** The path of a request that the harness itself sends for this row. */
  String path(String name) {
    return "/" + number + "/" + name;
  }

  /** The number of the row that a request belongs to; 0 when it has none. */
  static int numberIn(String requestLine) {
    Matcher found = NUMBER.matcher(requestLine.replaceFirst(" HTTP/[0-9.]+$", ""));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }
}
