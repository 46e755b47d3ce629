package dev.fairlead.acme.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The checksums of a generation's files, as {@code sha256sum} writes and checks them. */
final class Checksums {

  /** To be checked with {@code sha256sum -c SHA256SUMS}. */
  static final String FILE = "SHA256SUMS";

  private Checksums() {}

  /**
   * A line for each file.
   *
   * @param texts by the file's name
   */
  static String of(Map<String, String> texts) {
    return new TreeMap<>(texts)
        .entrySet().stream()
            .map(text -> line(text.getKey(), text.getValue()) + "\n")
            .collect(Collectors.joining());
  }

  /**
   * Makes sure that files are those that were written.
   *
   * @throws GeneralSecurityException when one is not, or is not listed
   */
  static void verify(String manifest, Map<String, String> texts) throws GeneralSecurityException {
    for (Map.Entry<String, String> text : texts.entrySet()) {
      String expected = line(text.getKey(), text.getValue());
      if (manifest.lines().noneMatch(expected::equals)) {
        throw new GeneralSecurityException(
            "%s is not the file of %s; where it was changed by hand, remove %2$s"
                .formatted(text.getKey(), FILE));
      }
    }
  }

  private static String line(String file, String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash) + "  " + file;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
