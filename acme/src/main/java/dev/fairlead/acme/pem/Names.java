package dev.fairlead.acme.pem;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The names a certificate is for (subject alternative names, RFC 5280 §4.2.1.6). */
public final class Names {

  private static final Integer DNS = 2;
  private static final Integer ADDRESS = 7;

  private Names() {}

  /** Whether the certificate names exactly this host, wildcard or IP address, as what it is. */
  public static boolean covers(X509Certificate certificate, HostPattern host) {
    return (host.isAddress() ? addresses(certificate) : dns(certificate)).contains(host.toString());
  }

  /**
   * Whether the certificate is good for this host: it names it, or the wildcard right above it (RFC
   * 9525 §6.3).
   */
  public static boolean isFor(X509Certificate certificate, HostPattern host) {
    return covers(certificate, host)
        || wildcardAbove(host).filter(above -> covers(certificate, above)).isPresent();
  }

  /** The wildcard that stands for a host; empty for wildcards, addresses and single labels. */
  public static Optional<HostPattern> wildcardAbove(HostPattern host) {
    int dot = host.suffix().indexOf('.');
    return host.wildcard() || host.isAddress() || dot < 0
        ? Optional.empty()
        : Optional.of(new HostPattern(true, host.suffix().substring(dot + 1)));
  }

  /** All that it can be served for; names that are none of hosts are left out. */
  public static List<HostPattern> hosts(X509Certificate certificate) {
    return Stream.concat(dns(certificate).stream(), addresses(certificate).stream())
        .distinct()
        .map(HostPattern::parse)
        .flatMap(Optional::stream)
        .filter(host -> covers(certificate, host))
        .toList();
  }

  /** The DNS names, in lower case; wildcards with their {@code *.}. */
  public static List<String> dns(X509Certificate certificate) {
    return of(certificate, DNS);
  }

  /** The IP addresses, each in its one form. */
  private static List<String> addresses(X509Certificate certificate) {
    return of(certificate, ADDRESS).stream()
        .map(IpAddress::normal)
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<String> of(X509Certificate certificate, Integer type) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return List.of();
      }
      return names.stream()
          .filter(name -> type.equals(name.get(0)))
          .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
