package dev.fairlead.acme.budget;

import dev.fairlead.config.routing.HostPattern;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The names of one certificate, all of them and no others: CAs count certificates by that.
 *
 * @param host the name whose file has the count
 * @param names what the certificate names
 */
record ExactNames(HostPattern host, List<HostPattern> names) {

  private static final String KEY = "names";
  private static final int MOST_SHOWN = 5;

  /** In the host's file: {@code names}, and {@code names a.example.com b.example.com} of others. */
  String key() {
    return names.equals(List.of(host)) ? KEY : KEY + " " + sorted();
  }

  /** Each registered domain among them once. */
  List<String> domains(RegisteredDomain domains) {
    return names.stream().map(domains::of).distinct().sorted().toList();
  }

  private String sorted() {
    return names.stream().map(HostPattern::toString).sorted().collect(Collectors.joining(" "));
  }

  /** For people. */
  @Override
  public String toString() {
    String shown =
        names.stream()
            .limit(MOST_SHOWN)
            .map(HostPattern::toString)
            .collect(Collectors.joining(", "));
    int more = names.size() - MOST_SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
