package dev.fairlead.acme.budget;

import java.util.Arrays;
import java.util.List;

/**
 * The part of a name that somebody registered: what a CA counts certificates by. One label more
 * than the longest public suffix (https://publicsuffix.org/list/).
 */
final class RegisteredDomain {

  private final PublicSuffixes suffixes;

  RegisteredDomain(PublicSuffixes suffixes) {
    this.suffixes = suffixes;
  }

  /**
   * The registered domain of a host. Where no rule is known it is the last two labels: names are
   * then counted together that a CA may count apart, never the other way round.
   */
  String of(String host) {
    List<String> labels = Arrays.asList(host.split("\\.", -1));
    int length = suffixLength(labels) + 1;
    return String.join(".", labels.subList(Math.max(0, labels.size() - length), labels.size()));
  }

  private int suffixLength(List<String> labels) {
    PublicSuffixes.Rules rules = suffixes.rules(labels.getLast());
    int longest = 1;
    for (int length = 1; length <= labels.size(); length++) {
      List<String> end = labels.subList(labels.size() - length, labels.size());
      String name = String.join(".", end);
      if (rules.contains("!" + name)) {
        return length - 1;
      }
      String any = "*." + String.join(".", end.subList(1, end.size()));
      if (rules.contains(name) || (length > 1 && rules.contains(any))) {
        longest = length;
      }
    }
    return longest;
  }
}
