package dev.fairlead.acme.issue;

import dev.fairlead.config.bootstrap.AuthoritySettings;
import java.util.Set;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** What an order asks for beside its names: a profile, and to take another certificate's place. */
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
    OrderBuilder builder = login.newOrder().identifiers(Identifiers.of(request.names()));
    Profiles.choose(request.names(), settings, session.getMetadata().getProfiles())
        .ifPresent(builder::profile);
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
}
