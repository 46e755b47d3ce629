package dev.fairlead.acme.issue;

import dev.fairlead.config.bootstrap.AuthoritySettings;
import java.util.Set;
import java.util.TreeSet;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** What an order asks for beside its name: a profile, and to take another certificate's place. */
final class NewOrder {

  /** What CAs answer when they know nothing of the certificate, or not as one of this account. */
  private static final Set<String> NO_REPLACEMENT =
      Set.of("alreadyReplaced", "malformed", "unauthorized", "conflict", "notFound");

  private NewOrder() {}

  /**
   * Makes the order.
   *
   * @throws IssueException when the CA does not offer the profile
   */
  static Order create(Login login, OrderRequest request, AuthoritySettings settings)
      throws AcmeException, IssueException {
    Session session = login.getSession();
    OrderBuilder builder = login.newOrder().domain(request.host().toString());
    if (settings.profile().isPresent()) {
      checkProfile(settings.profile().get(), session);
      builder.profile(settings.profile().get());
    }
    if (session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent()) {
      request.replaces().flatMap(RenewalInfoClient::id).ifPresent(builder::replaces);
    }
    return builder.create();
  }

  /** Whether a new order may have been refused for what it wanted to replace. */
  static boolean isReplacementRefused(AcmeException cause) {
    return cause instanceof AcmeServerException server
        && NO_REPLACEMENT.contains(Plain.type(server.getProblem()));
  }

  private static void checkProfile(String profile, Session session)
      throws AcmeException, IssueException {
    Metadata metadata = session.getMetadata();
    if (!metadata.isProfileAllowed(profile)) {
      throw new IssueException(
          "the CA does not offer the profile %s (expected: %s)"
              .formatted(
                  profile,
                  metadata.getProfiles().isEmpty()
                      ? "none, as it offers no profiles"
                      : "one of "
                          + Plain.clean(String.join(", ", new TreeSet<>(metadata.getProfiles())))));
    }
  }
}
