package dev.fairlead.proxy.http;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.ForwardedSettings.NewTrace;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines of header fields with the names of a request: {@code traceparent} and {@code tracestate}
 * are passed on as they came when they are what W3C Trace Context §3.2 and §3.3 say, written down
 * here as expressions, and else not at all; an {@code X-Request-Id} is that of a trusted peer or
 * ours; and app, log and client are told the same.
 */
public final class TraceContextFuzzer {

  private static final Pattern PARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "((?<!^00.{53})-.*)?",
          Pattern.DOTALL);
  private static final Pattern MEMBER =
      Pattern.compile("([a-z0-9][a-z0-9_*/@-]{0,255})=([ -~&&[^,=]]{0,255}[!-~&&[^,=]])");
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._~+/=:@-]{1,128}");
  private static final String NEW_ID = "[0-9a-f]{32}";

  private static final int MAX_STATE = 512;
  private static final int MAX_MEMBERS = 32;

  private TraceContextFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    for (NewTrace newTrace : NewTrace.values()) {
      check(input, BelievedChain.STRANGER, newTrace);
      check(input, BelievedChain.PEER, newTrace);
    }
  }

  private static void check(byte[] input, ClientInfo client, NewTrace newTrace) {
    Headers headers = FieldLines.read(input);
    String parent = parent(FieldLines.values(headers, "traceparent"));
    List<String> state = FieldLines.values(headers, "tracestate");
    String id = client.trusted() ? id(FieldLines.values(headers, "X-Request-Id")) : null;
    Identification identification =
        new Identification(
            TrustSettings.NOBODY,
            new ForwardedSettings(ForwardedSettings.Header.X_FORWARDED, newTrace));

    Identity identity = identification.of(headers, client);
    RequestHead head =
        new RequestHead(Version.HTTP_1_1, "GET", "a.test", "a.test", "/", "", headers, 0, null);
    Headers sent = FieldRules.toUpstream(head, identity, "/").headers();

    same(
        FieldLines.values(sent, "tracestate"),
        parent != null && isState(state) ? state : List.of(),
        "tracestate");
    List<String> parents = FieldLines.values(sent, "traceparent");
    if (parent != null) {
      same(parents, List.of(parent), "the traceparent that came");
    } else if (newTrace == NewTrace.OFF) {
      same(parents, List.of(), "traceparent");
    } else {
      same(parents.size(), 1, "traceparents that are new");
      same(parent(parents), parents.getFirst(), "a new traceparent that is valid");
      holds(parents.getFirst().endsWith(newTrace == NewTrace.SAMPLED ? "-01" : "-00"), "its flags");
    }
    String trace = parents.isEmpty() ? null : parents.getFirst().substring(3, 35);
    same(identity.traceId(), trace, "the trace that the log names");
    names(identity, sent, id, parent == null ? trace : null);
  }

  // What is new of the two is the same for both.
  private static void names(
      Identity identity, Headers sent, @Nullable String given, @Nullable String newTrace) {
    String id = identity.requestId();
    if (given != null) {
      same(id, given, "the name that a trusted peer gave");
    } else {
      holds(id.matches(NEW_ID), "a new name has 128 bits");
      holds(newTrace == null || newTrace.equals(id), "what is new is one thing to look for");
    }
    same(FieldLines.values(sent, "X-Request-Id"), List.of(id), "the name that the app gets");
    for (int i = 0; i < sent.size(); i++) {
      String name = sent.name(i).toLowerCase(Locale.ROOT);
      String folded = name.replaceAll("[^a-z0-9]", "-");
      holds(!folded.equals("x-request-id") || name.equals(folded), "another spelling: " + name);
    }
    Headers answer = new Headers();
    identity.toClient(answer);
    same(FieldLines.values(answer, "X-Request-Id"), List.of(id), "the name that the client gets");
    Headers apps = new Headers().add("x-request-id", "the app's");
    identity.toClient(apps);
    same(FieldLines.values(apps, "X-Request-Id"), List.of("the app's"), "a name of the app's own");
  }

  private static @Nullable String parent(List<String> values) {
    return values.size() == 1 && PARENT.matcher(values.getFirst()).matches()
        ? values.getFirst()
        : null;
  }

  private static @Nullable String id(List<String> values) {
    return values.size() == 1 && REQUEST_ID.matcher(values.getFirst()).matches()
        ? values.getFirst()
        : null;
  }

  private static boolean isState(List<String> values) {
    List<String> members = new ArrayList<>();
    for (String list : values) {
      Collections.addAll(members, list.split(",", -1));
    }
    members.replaceAll(member -> member.replaceAll("\\A[ \t]+|[ \t]+\\z", ""));
    members.removeIf(String::isEmpty);
    HashSet<String> keys = new HashSet<>();
    return members.size() <= MAX_MEMBERS
        && values.stream().mapToInt(String::length).sum() <= MAX_STATE
        && members.stream().allMatch(member -> MEMBER.matcher(member).matches())
        && members.stream().allMatch(member -> keys.add(member.substring(0, member.indexOf('='))));
  }
}
