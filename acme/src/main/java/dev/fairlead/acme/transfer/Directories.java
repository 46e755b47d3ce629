package dev.fairlead.acme.transfer;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The directories of CAs that can be told from less than their address: the one that a person
 * named, that of the settings, and those of public CAs.
 */
final class Directories {

  private static final URI LETSENCRYPT =
      URI.create("https://acme-v02.api.letsencrypt.org/directory");
  private static final URI LETSENCRYPT_STAGING =
      URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");
  private static final List<URI> PUBLIC =
      List.of(
          LETSENCRYPT,
          LETSENCRYPT_STAGING,
          URI.create("https://acme.zerossl.com/v2/DV90"),
          URI.create("https://dv.acme-v02.api.pki.goog/directory"));

  private static final int LONGEST = 2048;

  private final List<URI> known;

  /**
   * @param named what a person said, for what cannot be known otherwise
   * @param settings the directories of the settings
   */
  Directories(Optional<URI> named, List<URI> settings) {
    this.known = new ArrayList<>(named.stream().toList());
    known.addAll(settings);
    known.addAll(PUBLIC);
  }

  List<URI> known() {
    return known;
  }

  /** An address as a source wrote it; empty when it is not that of an HTTPS server. */
  static Optional<URI> parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST || !isAscii(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(URI.create(text))
          .filter(uri -> "https".equalsIgnoreCase(uri.getScheme()))
          .filter(uri -> uri.getHost() != null && uri.getRawUserInfo() == null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What else a URI may have could turn the line around that it is shown in. */
  private static boolean isAscii(String text) {
    return text.chars().allMatch(character -> character < 0x80);
  }

  /** The CA that another address is one of, such as an account's: that of the same server. */
  Optional<URI> ofServer(URI address) {
    return known.stream().filter(each -> server(each).equals(server(address))).findFirst();
  }

  /** The CA that Caddy calls by this name. */
  Optional<URI> ofCaddyName(String name) {
    return known.stream().filter(each -> caddyName(each).equals(name)).findFirst();
  }

  /**
   * Which of Let's Encrypt's two CAs issued a certificate: a resolver or a setting that was
   * switched from one to the other leaves what the other one had issued.
   */
  static URI corrected(URI said, X509Certificate leaf) {
    if (!said.equals(LETSENCRYPT) && !said.equals(LETSENCRYPT_STAGING)) {
      return said;
    }
    String issuer = leaf.getIssuerX500Principal().getName();
    if (issuer.contains("(STAGING)")) {
      return LETSENCRYPT_STAGING;
    }
    return issuer.contains("O=Let's Encrypt") ? LETSENCRYPT : said;
  }

  private static String server(URI uri) {
    int port = uri.getPort() < 0 ? 443 : uri.getPort();
    return String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }

  /** Server and path with hyphens (certmagic: ACMEIssuer.issuerKey, KeyBuilder.Safe). */
  private static String caddyName(URI uri) {
    String path =
        Optional.ofNullable(uri.getPath()).orElse("").replace('/', '-').replaceAll("^-+|-+$", "");
    String name = uri.getRawAuthority() + (path.isEmpty() ? "" : "-" + path);
    return name.toLowerCase(Locale.ROOT).replace(':', '-').replaceAll("[^\\w@.-]", "");
  }
}
