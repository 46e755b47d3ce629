package dev.fairlead.acme.issue;

import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.toolbox.JSON;
import org.shredzone.acme4j.toolbox.JSON.Value;

/**
 * A record in DNS that stays there (draft-ietf-acme-dns-persist), which acme4j does not know. It is
 * answered with an empty object, as there is nothing in it that is of one order.
 */
final class DnsPersist01Challenge extends Challenge {

  static final String TYPE = "dns-persist-01";

  private static final long serialVersionUID = 1L;

  DnsPersist01Challenge(Login login, JSON data) {
    super(login, data);
  }

  @Override
  protected boolean acceptable(String type) {
    return TYPE.equals(type);
  }

  /** What the CA calls itself in records; empty when it says nothing that can be used. */
  List<String> issuers() {
    List<String> names = names(getJSON().get("issuerDomainNames")); // since version 02
    return names.isEmpty() ? names(getJSON().get("issuer-domain-names")) : names;
  }

  /** The names in an array of the CA's. */
  static List<String> names(Value array) {
    try {
      return array.isPresent()
          ? IssuerNames.usable(array.asArray().stream().map(Value::asString).toList())
          : List.of();
    } catch (RuntimeException e) {
      return List.of(); // it is no array of texts
    }
  }

  /** The text in a field of the CA's. */
  static Optional<String> text(Value value) {
    try {
      return value.isPresent() ? Optional.of(value.asString()) : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
