package dev.fairlead.acme.transfer;

import java.util.ArrayList;
import java.util.List;

/** What was found at the other proxy, so far. */
final class Findings {

  private static final int MOST = 10_000;

  private final List<Finding> certificates = new ArrayList<>();
  private final List<FoundAccount> accounts = new ArrayList<>();

  void add(Finding certificate) throws SourceException {
    certificates.add(certificate);
    limit(certificates);
  }

  void add(FoundAccount account) throws SourceException {
    accounts.add(account);
    limit(accounts);
  }

  private static void limit(List<?> found) throws SourceException {
    if (found.size() > MOST) {
      throw new SourceException("more than %d certificates or accounts".formatted(MOST));
    }
  }

  List<Finding> certificates() {
    return certificates;
  }

  /** Those that shall be taken first of a CA come first. */
  List<FoundAccount> accounts() {
    return accounts;
  }
}
