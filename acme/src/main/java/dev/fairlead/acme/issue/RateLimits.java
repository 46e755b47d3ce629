package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Budget;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;

/**
 * What a CA refused for a time, for all instances to know. What it says of some names is kept with
 * the name that asked; all else is about the account, or about everybody.
 */
final class RateLimits {

  private RateLimits() {}

  /** Keeps until when nothing is to be asked, if the CA said so. */
  static void remember(Exception cause, List<HostPattern> names, Budget budget)
      throws StorageException, InterruptedException {
    if (cause instanceof AcmeRateLimitedException limited
        && limited.getRetryAfter().isPresent()
        && names.stream().noneMatch(name -> isAboutNames(said(limited), name))) {
      budget.noOrdersBefore(limited.getRetryAfter().get());
    }
    if (cause instanceof CaStatusException busy && busy.retryAfter().isPresent()) {
      budget.silentBefore(busy.retryAfter().get());
    }
  }

  /** A limit for a host, for the domain or network above it, or for exactly these names. */
  static boolean isAboutNames(String said, HostPattern host) {
    String suffix = host.suffix();
    if (host.isAddress()) {
      return said.contains(suffix) || said.contains("/64") || said.contains("exact set");
    }
    String domain = suffix.substring(suffix.lastIndexOf('.', suffix.lastIndexOf('.') - 1) + 1);
    return said.contains(domain) || said.contains("exact set");
  }

  private static String said(AcmeRateLimitedException limited) {
    return Optional.ofNullable(limited.getMessage()).orElse("").toLowerCase(Locale.ROOT);
  }
}
