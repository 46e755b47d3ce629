package dev.fairlead.acme.issue;

import dev.fairlead.acme.persist.HashedAccount;
import dev.fairlead.acme.persist.PersistTerms;
import dev.fairlead.acme.store.PersistMemory;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.toolbox.AcmeUtils;
import org.shredzone.acme4j.toolbox.JSON;
import org.shredzone.acme4j.toolbox.JoseUtils;

/**
 * What a CA's directory and our account there say of records for dns-persist-01, before any order.
 *
 * @param issuers what it calls itself: as it says since version 02 of the draft, else in CAA
 *     records; empty when it says neither
 * @param hashPrefix what hashed accounts begin with; empty at a CA of a version before 02
 * @param account its URL
 * @param thumbprint of its key (RFC 7638), in base64url
 */
record PersistOffer(
    List<String> issuers, Optional<String> hashPrefix, URI account, String thumbprint) {

  /** What may be in a parameter's value (RFC 8659 §4.2). */
  private static final Pattern VALUE = Pattern.compile("[!-:<-~]{1,1000}");

  /** What a login shows. */
  static PersistOffer of(Login login) throws AcmeException, IssueException {
    JSON meta = login.getSession().getMetadata().getJSON();
    List<String> issuers = DnsPersist01Challenge.names(meta.get("issuerDomainNames"));
    if (issuers.isEmpty()) {
      issuers =
          IssuerNames.usable(
              login.getSession().getMetadata().getCaaIdentities().stream()
                  .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("\\.$", ""))
                  .toList());
    }
    String account = login.getAccountLocation().toString();
    if (!VALUE.matcher(account).matches()) {
      throw new IssueException("the address of the account at the CA cannot be in a record");
    }
    return new PersistOffer(
        issuers,
        DnsPersist01Challenge.text(meta.get("accountHashPrefix"))
            .filter(prefix -> VALUE.matcher(prefix).matches()),
        URI.create(account),
        AcmeUtils.base64UrlEncode(JoseUtils.thumbprint(login.getKeyPair().getPublic())));
  }

  /**
   * What a host's record must say.
   *
   * @throws IssueException when it is not known what the CA calls itself
   */
  PersistTerms terms(HostPattern host, IssuanceSettings settings, PersistMemory memory)
      throws IssueException {
    return new PersistTerms(host, issuers(settings, memory), accounts(host, memory));
  }

  private List<String> issuers(IssuanceSettings settings, PersistMemory memory)
      throws IssueException {
    List<String> known = memory.issuers().isEmpty() ? issuers : memory.issuers();
    Optional<String> chosen = settings.persistIssuer();
    if (chosen.isEmpty()) {
      if (known.isEmpty()) {
        throw new IssueException(
                "dns-persist-01: the CA does not say what it calls itself in records (expected:"
                    + " acme.dns-persist.issuer, which is for the first CA alone; or another"
                    + " acme.challenge)")
            .ofName();
      }
      return known;
    }
    if (!known.isEmpty() && !known.contains(chosen.get())) {
      throw new IssueException(
              "dns-persist-01: the CA does not call itself %s (expected: acme.dns-persist.issuer is %s, or nothing)"
                  .formatted(chosen.get(), String.join(" or ", known)))
          .ofName();
    }
    return List.of(chosen.get());
  }

  /** A record of before the account had another key is still good where it was good once (§4.2). */
  private List<String> accounts(HostPattern host, PersistMemory memory) {
    if (hashPrefix.isEmpty()) {
      return List.of(account.toString());
    }
    List<String> names = new ArrayList<>();
    for (String name : List.of(host.suffix(), HashedAccount.ANY_HOST)) {
      names.add(HashedAccount.of(hashPrefix.get(), name, thumbprint, account.toString()));
    }
    memory
        .sight()
        .filter(sight -> sight.account().equals(account))
        .map(PersistMemory.Sight::accountUri)
        .filter(uri -> uri.startsWith(hashPrefix.get()))
        .ifPresent(names::add);
    return names;
  }
}
