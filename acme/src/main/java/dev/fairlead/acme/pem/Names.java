package dev.fairlead.acme.pem;

import dev.fairlead.config.routing.HostPattern;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The names a certificate is for (subject alternative names, RFC 5280 §4.2.1.6). */
public final class Names {

  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private Names() {}

  /** Whether the certificate names exactly this host or wildcard. */
  public static boolean covers(X509Certificate certificate, HostPattern host) {
    return of(certificate).contains(host.toString());
  }

  private static List<String> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return List.of();
      }
      return names.stream()
          .filter(name -> name.get(0).equals(DNS) || name.get(0).equals(ADDRESS))
          .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
