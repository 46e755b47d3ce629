package dev.fairlead.acme.store;

import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The names of files and folders: nothing from outside becomes a path without passing here. */
final class FileNames {

  private static final int LONGEST = 200;
  private static final String WILDCARD = "_wildcard.";
  private static final String IPV6 = "_ipv6.";
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private FileNames() {}

  /**
   * {@code shop.example.com}, {@code _wildcard.example.com}, {@code 203.0.113.5} or {@code
   * _ipv6.2001-db8--1}, as not all file systems have colons. A {@link HostPattern} has neither
   * slashes nor a leading dot.
   */
  static String of(HostPattern host) {
    if (!isStorable(host)) {
      throw new IllegalArgumentException(host + " (expected: a name without a leading underscore)");
    }
    if (host.suffix().indexOf(':') >= 0) {
      return IPV6 + host.suffix().replace(':', '-');
    }
    return shorten(host.wildcard() ? WILDCARD + host.suffix() : host.suffix());
  }

  /** The host that a folder is of; empty for what is none, and where the name was cut. */
  static Optional<HostPattern> host(String folder) {
    return HostPattern.parse(text(folder))
        .filter(host -> isStorable(host) && of(host).equals(folder));
  }

  private static String text(String folder) {
    if (folder.startsWith(IPV6)) {
      return folder.substring(IPV6.length()).replace('-', ':');
    }
    return folder.startsWith(WILDCARD) ? "*." + folder.substring(WILDCARD.length()) : folder;
  }

  /**
   * Whether a host has a name here: one that begins with an underscore could be taken for another.
   */
  static boolean isStorable(HostPattern host) {
    return host.wildcard() || !host.suffix().startsWith("_");
  }

  /** Host, port and path of a CA's directory: {@code acme-v02.api.letsencrypt.org_directory}. */
  static String of(URI directory) {
    String port = directory.getPort() < 0 ? "" : "_" + directory.getPort();
    String path = Optional.ofNullable(directory.getRawPath()).orElse("");
    String name =
        (Optional.ofNullable(directory.getHost()).orElse("ca") + port + path)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.-]", "_")
            .replaceAll("^\\.+|_+$", "");
    return shorten(name);
  }

  /** Whether a token may be looked for: base64url (RFC 8555 §8.3), at most 128 characters. */
  static boolean isToken(String token) {
    return TOKEN.matcher(token).matches();
  }

  /** File systems end at 255 bytes; endings like {@code .lock} must fit too. */
  private static String shorten(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, 150) + "-" + digest(name);
  }

  private static String digest(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
