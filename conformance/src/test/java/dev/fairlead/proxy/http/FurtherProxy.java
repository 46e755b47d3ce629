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
import dev.fairlead.proxy.message.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A proxy behind this one that trusts it: whichever of the two kinds of fields it reads, it comes
 * to the same visitor.
 */
final class FurtherProxy {

  private static final String AUTHORITY = "a.test:8080";
  private static final ClientInfo US = new ClientInfo("10.0.0.1", true, null, true);

  private static final Set<String> OWN =
      Set.of(
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-real-ip");

  private FurtherProxy() {}

  /** What is to be read in the fields of one kind; apps are told in both. */
  static Identification reading(TrustSettings.Header header) {
    return new Identification(
        BelievedChain.trust(header),
        new ForwardedSettings(ForwardedSettings.Header.BOTH, NewTrace.OFF));
  }

  /**
   * Fails when it comes to another visitor than we did.
   *
   * @param headers of the request; changed
   * @param header the kind that we have read
   */
  static void check(Headers headers, TrustSettings.Header header) {
    RequestHead head =
        new RequestHead(Version.HTTP_1_1, "GET", AUTHORITY, "a.test", "/", "", headers, 0, null);
    Identity identity = reading(header).of(headers, BelievedChain.PEER);
    Visitor visitor = identity.visitor();
    holds(visitor.host() == null || isHost(visitor.host()), "the visitor's host is one");
    holds(visitor.port() == null || isPort(visitor.port()), "the visitor's port is one");
    Headers sent = FieldRules.toUpstream(head, identity, "/").headers();
    String host = visitor.host() == null ? AUTHORITY : visitor.host();
    says(sent, visitor, host);
    if (visitor.chain().size() <= BelievedChain.MAX_ADDRESSES) {
      List<String> chain = new ArrayList<>(visitor.chain());
      chain.add(US.address());
      String port = FieldLines.values(sent, "X-Forwarded-Port").getFirst();
      same(
          reading(TrustSettings.Header.X_FORWARDED).of(sent, US).visitor(),
          new Visitor(chain, visitor.secure(), host, port),
          "the visitor that X-Forwarded-… tells of");
      same(
          reading(TrustSettings.Header.FORWARDED).of(sent, US).visitor(),
          new Visitor(chain, visitor.secure(), host, null),
          "the visitor that Forwarded tells of");
    }
  }

  private static void says(Headers sent, Visitor visitor, String host) {
    one(sent, "X-Forwarded-For", String.join(", ", visitor.chain()));
    one(sent, "X-Real-IP", visitor.address());
    one(sent, "X-Forwarded-Proto", visitor.secure() ? "https" : "http");
    one(sent, "X-Forwarded-Host", host);
    List<String> ports = FieldLines.values(sent, "X-Forwarded-Port");
    holds(ports.size() == 1 && isPort(ports.getFirst()), "X-Forwarded-Port is a port");
    for (int i = 0; i < sent.size(); i++) {
      String name = sent.name(i).toLowerCase(Locale.ROOT);
      String folded = name.replaceAll("[^a-z0-9]", "-");
      boolean own = OWN.contains(folded);
      holds(!own || folded.equals(name), "nobody's word in another spelling: " + name);
      holds(!own || FieldLines.values(sent, name).size() == 1, "nobody's word beside ours");
    }
  }

  private static void one(Headers sent, String name, String value) {
    same(FieldLines.values(sent, name), List.of(value), name);
  }

  private static boolean isHost(String text) {
    try {
      return Authority.parse(text).text().equals(text);
    } catch (RejectedRequest e) {
      return false;
    }
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535;
  }
}
