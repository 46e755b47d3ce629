package dev.fairlead.proxy.http;

import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Visitor;
import java.util.List;
import java.util.Optional;

/**
 * Lines of header fields that a trusted peer sends, which says {@code Forwarded} (RFC 7239): lists
 * that are well-formed say what the grammar says; nothing that a visitor sends spoils what the peer
 * adds behind it; a stranger is not believed a word; and what we pass on makes a further proxy
 * think the same.
 */
public final class ForwardedFuzzer {

  private static final Identification READING =
      FurtherProxy.reading(TrustSettings.Header.FORWARDED);

  private ForwardedFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Headers headers = FieldLines.read(input);
    same(
        READING.of(headers, BelievedChain.STRANGER).visitor(),
        BelievedChain.STRANGER.visitor(),
        "a stranger");
    List<String> lists = FieldLines.values(headers, "Forwarded");
    Visitor visitor = READING.of(headers, BelievedChain.PEER).visitor();
    Optional<Visitor> expected = ForwardedGrammar.visitor(lists);
    if (expected.isPresent()) {
      same(visitor, expected.get(), "the visitor of lists that are well-formed");
    }
    for (String list : lists) {
      appended(list, "for=203.0.113.5;proto=https;host=shop.test", "203.0.113.5", "shop.test");
      appended(
          list,
          "By=\"_a,b\";For=\"[2001:db8::7]:443\";Host=\"shop.test:8443\";Proto=wss",
          "2001:db8::7",
          "shop.test:8443");
    }
    FurtherProxy.check(headers, TrustSettings.Header.FORWARDED);
  }

  private static void appended(String sent, String added, String address, String host) {
    Visitor expected =
        new Visitor(List.of(address, BelievedChain.PEER.address()), true, host, null);
    Headers one = new Headers().add("Forwarded", sent + "," + added);
    Headers two = new Headers().add("Forwarded", sent).add("Forwarded", added);
    same(READING.of(one, BelievedChain.PEER).visitor(), expected, "what stands behind a comma");
    same(READING.of(two, BelievedChain.PEER).visitor(), expected, "what stands in its own field");
  }
}
