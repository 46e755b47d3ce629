package dev.fairlead.conformance.smuggling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold of the fields of every request at the app, whatever the client sent. */
final class Fields {

  /** What the proxy says of the client, once and in this spelling. */
  private static final Set<String> OURS =
      Set.of(
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Port",
          "X-Forwarded-Proto",
          "X-Real-IP");

  /** What nobody says, or the proxy alone, in any spelling that an app might take for these. */
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "forwarded",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy",
          "proxy-connection",
          "te",
          "transfer-encoding",
          "upgrade",
          "x-forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-prefix",
          "x-forwarded-proto",
          "x-forwarded-protocol",
          "x-forwarded-scheme",
          "x-forwarded-server",
          "x-forwarded-ssl",
          "x-real-ip");

  private static final Set<String> NEVER =
      Set.of("forwarded", "http2-settings", "keep-alive", "proxy", "proxy-connection");

  private static final String CLIENT = "127.0.0.1";

  private Fields() {}

  /**
   * What is wrong.
   *
   * @param request as an app saw it that logs all its fields
   */
  static List<String> problems(SeenRequest request) {
    List<String> problems = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (String field : request.fields()) {
      String name = field.split(":", 2)[0];
      counts.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum);
      problems.addAll(ofName(name));
    }
    counts.forEach(
        (name, count) -> {
          if (RESERVED.contains(name) && count > 1) {
            problems.add(name + " came " + count + " times");
          }
        });
    if (counts.containsKey("content-length") && counts.containsKey("transfer-encoding")) {
      problems.add("the end of the body is told in two ways");
    }
    problems.addAll(ofValues(request));
    return problems;
  }

  private static List<String> ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String folded = lower.replaceAll("[^a-z0-9]", "-");
    if (RESERVED.contains(folded) && !folded.equals(lower)) {
      return List.of(name + " could be taken for " + folded);
    }
    boolean ours = folded.startsWith("x-forwarded") || folded.equals("x-real-ip");
    if (NEVER.contains(folded) || (ours && !OURS.contains(name))) {
      return List.of(name + " came through");
    }
    return List.of();
  }

  private static List<String> ofValues(SeenRequest request) {
    List<String> problems = new ArrayList<>();
    expect(request, "X-Forwarded-For", List.of(CLIENT), problems);
    expect(request, "X-Real-IP", List.of(CLIENT), problems);
    expect(request, "X-Forwarded-Host", List.of(request.host()), problems);
    expect(request, "Connection", connection(request), problems);
    for (String coding : request.values("Transfer-Encoding")) {
      if (!coding.equals("chunked")) {
        problems.add("Transfer-Encoding: " + coding);
      }
    }
    for (String te : request.values("TE")) {
      if (!te.equals("trailers")) {
        problems.add("TE: " + te);
      }
    }
    return problems;
  }

  private static List<String> connection(SeenRequest request) {
    if (!request.values("Upgrade").isEmpty()) {
      return List.of("Upgrade");
    }
    return request.values("TE").isEmpty() ? List.of() : List.of("TE");
  }

  private static void expect(
      SeenRequest request, String name, List<String> values, List<String> problems) {
    if (!request.values(name).equals(values)) {
      problems.add("%s: %s (expected: %s)".formatted(name, request.values(name), values));
    }
  }
}
