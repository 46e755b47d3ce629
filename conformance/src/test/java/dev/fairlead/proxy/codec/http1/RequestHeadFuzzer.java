package dev.fairlead.proxy.codec.http1;

import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.conformance.fuzzing.Oracle;
import dev.fairlead.proxy.http.RejectedRequest;
import dev.fairlead.proxy.http.RequestRules;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.testing.TestLimits;
import java.util.List;

/**
 * Bytes that a client sends as the head of a request over HTTP/1: refused, or read the same however
 * they are cut; and what an app gets of them says one thing only ({@link ForwardedRequest}).
 */
public final class RequestHeadFuzzer {

  /** Smaller than those in use, so that inputs reach them. */
  private static final int MAX_TARGET = 182;

  private static final int MAX_LINE = MAX_TARGET + RequestLine.MAX_REST;
  private static final int MAX_HEAD = 1024;
  private static final int MAX_FIELDS = 16;

  private RequestHeadFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    HeadReading whole = HeadReading.of(parser(), Cuts.none(input), MAX_HEAD);
    for (List<byte[]> pieces : Cuts.some(input)) {
      Oracle.same(HeadReading.of(parser(), pieces, MAX_HEAD), whole, "a head that is cut");
    }
    HeadReading.Head head = HeadReading.read(parser(), input);
    if (head != null) {
      RawRequest raw;
      try {
        raw = raw(head, MAX_TARGET);
      } catch (MalformedMessageException e) {
        return;
      }
      forward(raw);
    }
  }

  static RawRequest raw(HeadReading.Head head, int maxTarget) throws MalformedMessageException {
    RequestLine line = RequestLine.parse(head.block(), head.lineStart(), head.lineEnd(), maxTarget);
    Headers headers = head.headers();
    boolean bodyFollows =
        !Framing.ofRequest(line.version(), headers, TestLimits.anyHeads().share()).isComplete();
    return new RawRequest(line.version(), line.method(), line.target(), null, headers, bodyFollows);
  }

  private static void forward(RawRequest raw) {
    RequestHead head;
    try {
      head = RequestRules.check(raw, ForwardedRequest.CLIENT);
    } catch (RejectedRequest e) {
      return;
    }
    ForwardedRequest.check(head);
  }

  private static HeadParser parser() {
    return HeadParser.ofHeads(MAX_LINE, MAX_HEAD, MAX_FIELDS, TestLimits.anyHeads().share());
  }
}
