package dev.fairlead.acme.dns;

import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIGRecord;

/** What a DNS server says to an update that it does not take (RFC 2136 §2.2, RFC 8945 §5.2). */
final class UpdateAnswer {

  private UpdateAnswer() {}

  static String word(Message answer) {
    String word = Rcode.string(answer.getRcode());
    return ofKey(answer).map(error -> word + " " + Rcode.TSIGstring(error)).orElse(word);
  }

  /** What to change; empty where nobody can know. */
  static String hint(Message answer, String keyName) {
    Optional<Integer> ofKey = ofKey(answer);
    if (ofKey.isPresent()) {
      return switch (ofKey.get()) {
        case Rcode.BADKEY ->
            " (expected: it has a key %s of acme.dns.key-algorithm)".formatted(keyName);
        case Rcode.BADSIG ->
            " (expected: acme.dns.secret is that of its key %s)".formatted(keyName);
        case Rcode.BADTIME -> " (expected: its clock and ours are less than 5 minutes apart)";
        default -> "";
      };
    }
    return switch (answer.getRcode()) {
      case Rcode.REFUSED ->
          " (expected: its zone lets the key %s change TXT records: update-policy, allow-update or"
                  .formatted(keyName)
              + " an ACL)";
      case Rcode.NOTAUTH, Rcode.NOTZONE ->
          " (expected: acme.dns.server is the primary of this zone, which is that of acme.dns.zone if that is set, and the key %s is one of its keys)"
              .formatted(keyName);
      case Rcode.NOTIMP -> " (expected: a server that takes dynamic updates)";
      case Rcode.SERVFAIL -> " (its own log says why; often it cannot write its zone)";
      default -> "";
    };
  }

  private static Optional<Integer> ofKey(Message answer) {
    return Optional.ofNullable(answer.getTSIG())
        .map(TSIGRecord::getError)
        .filter(error -> answer.getRcode() == Rcode.NOTAUTH && error != Rcode.NOERROR);
  }
}
