package dev.fairlead.acme.pem;

import dev.fairlead.config.routing.HostPattern;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The names a certificate is for (subject alternative names, RFC 5280 §4.2.1.6). */
public final class Names {

  private static final Integer DNS = 2;
  private static final Integer ADDRESS = 7;

  private Names() {}

  /** Whether the certificate names exactly this host or wildcard. */
  public static boolean covers(X509Certificate certificate, HostPattern host) {
    return of(certificate, DNS, ADDRESS).contains(host.toString());
  }

  /** The DNS names, in lower case; wildcards with their {@code *.}. */
  public static List<String> dns(X509Certificate certificate) {
    return of(certificate, DNS);
  }

  private static List<String> of(X509Certificate certificate, Integer... types) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return List.of();
      }
      return names.stream()
          .filter(name -> List.of(types).contains(name.get(0)))
          .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
