package dev.fairlead.acme.issue;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** What CAs call themselves in DNS records: what they say goes into a record that people set. */
final class IssuerNames {

  private static final int LONGEST = 253;
  private static final int MOST = 10;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private IssuerNames() {}

  /**
   * Those that are names as they have to be written (draft-ietf-acme-dns-persist §3): a challenge
   * with more than ten is none.
   */
  static List<String> usable(Collection<String> names) {
    return names.size() > MOST
        ? List.of()
        : names.stream()
            .filter(name -> name.length() <= LONGEST && NAME.matcher(name).matches())
            .toList();
  }
}
