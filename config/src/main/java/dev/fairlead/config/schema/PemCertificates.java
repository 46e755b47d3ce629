package dev.fairlead.config.schema;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates as text (RFC 7468), as many as fit into a value. Line ends do not matter: YAML makes
 * blanks of them now and then.
 */
final class PemCertificates {

  static final String EXPECTED = "PEM certificates, from -----BEGIN CERTIFICATE----- on";

  static final String EXAMPLE =
      "-----BEGIN CERTIFICATE-----\n"
          + "MIHWMIGJAhQQilYSSVjXzULJt68r6vdPZk2bNjAFBgMrZXAwDTELMAkGA1UEAwwCY2EwIBcN"
          + "MjYxMTI1MTgzNjQxWhgPMjEyNjExMDExODM2NDFaMA0xCzAJBgNVBAMMAmNhMCowBQYDK2Vw"
          + "AyEAvYp5JMSpzZZ/sG1b2m5c/kJ1fMBO+rls0cRC+32IcE8wBQYDK2VwA0EAca+KOQ98TewB"
          + "vjeiUIsMZvYnJzzP3GqPTvdy4Dp5rAo+RvJaJTQu9F0A6Y8HQtiO+UZPCIAxhu5xkMlDlxX1"
          + "DA=="
          + "\n-----END CERTIFICATE-----";

  private static final Pattern BLOCK =
      Pattern.compile(
          "\\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----\\s*");
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private PemCertificates() {}

  /** The same certificates in one form; empty when there is anything else, or nothing. */
  static Optional<String> normal(String text) {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.lookingAt()) {
      Optional<byte[]> certificate = certificate(block.group(1));
      if (certificate.isEmpty()) {
        return Optional.empty();
      }
      blocks.add(
          "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
              .formatted(LINES.encodeToString(certificate.get())));
      block.region(block.end(), text.length());
    }
    boolean whole = block.regionStart() == text.length() && !blocks.isEmpty();
    return whole ? Optional.of(String.join("", blocks)) : Optional.empty();
  }

  private static Optional<byte[]> certificate(String base64) {
    try {
      byte[] der = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
      InputStream in = new ByteArrayInputStream(der);
      CertificateFactory.getInstance("X.509").generateCertificate(in);
      return in.available() == 0 ? Optional.of(der) : Optional.empty();
    } catch (IllegalArgumentException | CertificateException | IOException unreadable) {
      return Optional.empty();
    }
  }
}
