package dev.fairlead.acme.budget;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public suffix list that every JDK brings for its own use, {@code
 * lib/security/public_suffix_list.dat}: a zip file with an entry for each top-level domain, whose
 * lines are a byte, which says who wrote the rule, and the rule. What cannot be read has no rules.
 * Thread-safe.
 */
final class PublicSuffixes {

  private static final Logger LOG = LoggerFactory.getLogger(PublicSuffixes.class);

  private final Path file;
  private final Map<String, Rules> byTopLevel = new ConcurrentHashMap<>();

  PublicSuffixes(Path file) {
    this.file = file;
  }

  /** Those of this JDK. */
  static PublicSuffixes ofJdk() {
    return new PublicSuffixes(
        Path.of(System.getProperty("java.home"), "lib", "security", "public_suffix_list.dat"));
  }

  /** The rules below a top-level domain; read once. */
  Rules rules(String topLevel) {
    return byTopLevel.computeIfAbsent(topLevel, this::read);
  }

  private Rules read(String topLevel) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry(topLevel);
      if (entry == null) {
        return new Rules(Set.of());
      }
      try (InputStream lines = zip.getInputStream(entry)) {
        return new Rules(
            new String(lines.readAllBytes(), UTF_8)
                .lines()
                .filter(line -> line.length() > 1)
                .map(line -> line.substring(1))
                .collect(Collectors.toUnmodifiableSet()));
      }
    } catch (IOException e) {
      LOG.debug("No public suffixes in {}: names are counted by their last two labels", file, e);
      return new Rules(Set.of());
    }
  }

  /** As the list spells them, with {@code *.} and {@code !}. */
  record Rules(Set<String> lines) {

    boolean contains(String rule) {
      return lines.contains(rule);
    }
  }
}
