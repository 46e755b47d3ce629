package dev.fairlead.config.bootstrap;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is told when a certificate is not renewed in time.
 *
 * @param webhook where a request is sent
 * @param smtp where a mail is sent
 * @param caFile PEM certificates that both servers are verified with, beside the JDK's
 */
public record AlertSettings(
    Optional<WebhookSettings> webhook, Optional<SmtpSettings> smtp, Optional<Path> caFile) {

  /** Tells nobody. */
  public static final AlertSettings NOBODY =
      new AlertSettings(Optional.empty(), Optional.empty(), Optional.empty());

  /** Whether nobody is told. */
  public boolean isNobody() {
    return webhook.isEmpty() && smtp.isEmpty();
  }
}
