package dev.fairlead.acme.budget;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Which CAs are Let's Encrypt's: they say in public what they do and allow. */
public final class LetsEncrypt {

  static final String PRODUCTION = "acme-v02.api.letsencrypt.org";
  static final String STAGING = "acme-staging-v02.api.letsencrypt.org";

  private LetsEncrypt() {}

  /** Whether a directory is one of theirs. */
  public static boolean isAt(URI directory) {
    String server = server(directory);
    return server.equals(PRODUCTION) || server.equals(STAGING);
  }

  static String server(URI directory) {
    return Optional.ofNullable(directory.getHost()).orElse("").toLowerCase(Locale.ROOT);
  }
}
