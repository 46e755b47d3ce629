package dev.fairlead.proxy.http;

import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Visitor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Lines of header fields that a trusted peer sends, which says {@code X-Forwarded-…}: the visitor
 * is the last address that is not trusted; a stranger is not believed a word; and what we pass on
 * makes a further proxy think the same.
 */
public final class XForwardedFuzzer {

  private static final Identification READING =
      FurtherProxy.reading(TrustSettings.Header.X_FORWARDED);

  private XForwardedFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Headers headers = FieldLines.read(input);
    same(
        READING.of(headers, BelievedChain.STRANGER).visitor(),
        BelievedChain.STRANGER.visitor(),
        "a stranger");
    Visitor visitor = READING.of(headers, BelievedChain.PEER).visitor();
    same(visitor.chain(), chain(headers), "the chain of addresses");
    List<String> schemes = FieldLines.values(headers, "X-Forwarded-Proto");
    String scheme =
        schemes.isEmpty()
            ? ""
            : schemes.getFirst().split(",", 2)[0].strip().toLowerCase(Locale.ROOT);
    same(visitor.secure(), scheme.equals("https") || scheme.equals("wss"), "whether it is TLS");
    FurtherProxy.check(headers, TrustSettings.Header.X_FORWARDED);
  }

  private static List<String> chain(Headers headers) {
    List<String> nodes = new ArrayList<>();
    for (String list : FieldLines.values(headers, "X-Forwarded-For")) {
      Collections.addAll(nodes, list.split(",", -1));
    }
    BelievedChain chain = new BelievedChain();
    for (String node : nodes.reversed()) {
      if (!chain.goesOnBefore(node.strip())) {
        break;
      }
    }
    return chain.addresses();
  }
}
