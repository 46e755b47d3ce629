package dev.fairlead.acme.issue;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses among the chains that a CA offers (RFC 8555 §7.4.2). */
final class Chains {

  private static final Logger LOG = LoggerFactory.getLogger(Chains.class);

  /** A CA offers two or three; whoever offers more is not asked for all. */
  private static final int MOST_ALTERNATIVES = 8;

  private Chains() {}

  /**
   * The first chain that leads to a root; the CA's usual one when none does.
   *
   * @param root its common name; empty for the usual one
   */
  static List<X509Certificate> choose(Certificate certificate, Optional<String> root)
      throws AcmeException {
    certificate.download();
    List<X509Certificate> usual = certificate.getCertificateChain();
    if (root.isEmpty() || leadsTo(root.get(), usual)) {
      return usual;
    }
    List<String> offered = new ArrayList<>(List.of(rootOf(usual)));
    for (Certificate alternative :
        certificate.getAlternateCertificates().stream().limit(MOST_ALTERNATIVES).toList()) {
      Optional<List<X509Certificate>> chain = download(alternative);
      if (chain.isPresent() && leadsTo(root.get(), chain.get())) {
        return chain.get();
      }
      offered.add(chain.map(Chains::rootOf).orElse("one that cannot be had"));
    }
    LOG.warn(
        "acme.preferred-chain: {} is not offered, the CA's usual chain is taken (expected: one of"
            + " {})",
        root.get(),
        Plain.clean(String.join(", ", offered)));
    return usual;
  }

  /** Empty when there is none to be had: no reason to have no certificate. */
  private static Optional<List<X509Certificate>> download(Certificate alternative) {
    try {
      alternative.download();
      return Optional.of(alternative.getCertificateChain()).filter(chain -> !chain.isEmpty());
    } catch (AcmeException | AcmeProtocolException e) {
      LOG.debug("A chain that the CA offers cannot be had", e);
      return Optional.empty();
    }
  }

  private static boolean leadsTo(String root, List<X509Certificate> chain) {
    return rootOf(chain).equals(root);
  }

  /** Who signed the last certificate: roots themselves are not sent. */
  private static String rootOf(List<X509Certificate> chain) {
    return commonName(chain.getLast().getIssuerX500Principal().getName());
  }

  /** The whole name when it has no common one. */
  private static String commonName(String name) {
    try {
      return new LdapName(name)
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(Rdn::getValue)
              .map(String::valueOf)
              .findFirst()
              .orElse(name);
    } catch (InvalidNameException e) {
      return name;
    }
  }
}
