package dev.fairlead.conformance.testing;

import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/** The authority of all certificates of the fixture, for programs that read it from a file. */
public final class Roots {

  private Roots() {}

  /** Writes it as PEM. */
  public static Path write(Path folder) throws IOException {
    try {
      String base64 =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
              .encodeToString(ProxyFixture.ca().root().getEncoded());
      return Files.writeString(
          folder.resolve("root.pem"),
          "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
