package dev.fairlead.proxy.codec.http1;

import dev.fairlead.conformance.fuzzing.Oracle;
import dev.fairlead.proxy.codec.http2.RelayedOverHttp2;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import java.util.List;

/** A request, and what must hold of an app's answer to it, in whatever protocol that came. */
public final class AnsweredRequest {

  /** What an app was asked. */
  public enum Asked {
    GET,
    HEAD
  }

  private AnsweredRequest() {}

  /** What the app is asked. */
  public static RequestHead head(Asked asked, Version version) {
    return new RequestHead(
        version,
        asked.name(),
        "a.test",
        "a.test",
        "/",
        "",
        new Headers().add("Host", "a.test"),
        0,
        null);
  }

  /** Fails when a client, by any version, gets something else, or can misread it. */
  public static void relay(Asked asked, AppResponse response) {
    boolean toHead = asked == Asked.HEAD;
    boolean switching = response.heads().stream().anyMatch(head -> head.status() == 101);
    // Without a head clients get an answer of the proxy's own.
    if (response.hasFinalHead() && !switching) {
      RelayedResponse.check(response, toHead, Version.HTTP_1_1);
      RelayedResponse.check(response, toHead, Version.HTTP_1_0);
      RelayedOverHttp2.check(response, toHead);
    }
  }

  /**
   * However it goes, there is one end, and nothing behind it but what becomes of the connection.
   */
  public static void check(ResponseEvents events) {
    List<String> kinds = events.events().stream().map(event -> event.split(" ", 2)[0]).toList();
    long ends = kinds.stream().filter(kind -> kind.equals("end") || kind.equals("aborted")).count();
    long finals =
        events.events().stream()
            .filter(event -> event.startsWith("head ") && event.charAt("head ".length()) > '1')
            .count();
    boolean switching = events.events().stream().anyMatch(event -> event.startsWith("head 101 "));
    Oracle.same(ends, 1L, "ends of a response");
    Oracle.holds(finals <= 1, "there is one head that is not informational");
    Oracle.holds(!kinds.contains("end") || finals == 1, "a response that ended has begun");
    Oracle.holds(!switching || !kinds.contains("end"), "a switch of protocols has no end");
    int end = Math.max(kinds.indexOf("end"), kinds.indexOf("aborted"));
    Oracle.holds(!kinds.subList(end, kinds.size()).contains("head"), "no head behind the end");
  }
}
