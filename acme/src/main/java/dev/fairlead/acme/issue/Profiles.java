package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.LetsEncrypt;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.routing.HostPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which kind of certificate an order asks for, among those that the CA offers. */
final class Profiles {

  private static final Logger LOG = LoggerFactory.getLogger(Profiles.class);

  /**
   * The one of Let's Encrypt's that may name IP addresses: https://letsencrypt.org/docs/profiles/.
   */
  private static final String OF_ADDRESSES = "shortlived";

  private Profiles() {}

  /**
   * The profile that was set; where none was, the only one that Let's Encrypt has for an address.
   *
   * @param names what the certificate is to name
   * @param offered by the CA
   * @return empty for the CA's choice
   * @throws IssueException when the CA does not offer the one that was set
   */
  static Optional<String> choose(
      List<HostPattern> names, AuthoritySettings settings, Set<String> offered)
      throws IssueException {
    if (settings.profile().isPresent()) {
      check(settings.profile().get(), offered);
      return settings.profile();
    }
    Optional<HostPattern> address = names.stream().filter(HostPattern::isAddress).findFirst();
    if (address.isEmpty()
        || !LetsEncrypt.isAt(settings.directory())
        || !offered.contains(OF_ADDRESSES)) {
      return Optional.empty();
    }
    LOG.info(
        "certificate of {}: ordered with the profile {}, as Let's Encrypt has no other for IP"
            + " addresses",
        address.get(),
        OF_ADDRESSES);
    return Optional.of(OF_ADDRESSES);
  }

  private static void check(String profile, Set<String> offered) throws IssueException {
    if (!offered.contains(profile)) {
      throw new IssueException(
          "the CA does not offer the profile %s (expected: %s)"
              .formatted(
                  profile,
                  offered.isEmpty()
                      ? "no acme.profile, as it offers none"
                      : "acme.profile is one of "
                          + Plain.clean(String.join(", ", new TreeSet<>(offered)))));
    }
  }
}
