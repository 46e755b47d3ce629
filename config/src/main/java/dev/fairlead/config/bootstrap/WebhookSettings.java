package dev.fairlead.config.bootstrap;

import java.net.URI;
import java.util.Optional;

/**
 * A server that takes alerts by HTTP.
 *
 * @param url {@code http} or {@code https}; may hold a token, so it is never shown
 * @param format what the server understands
 * @param token for the field {@code Authorization} (RFC 6750)
 */
public record WebhookSettings(URI url, Format format, Optional<String> token) {

  /** What a server understands. */
  public enum Format {
    /** An object with all that is known, for programs. */
    JSON,
    /** ntfy: the text as the body, title and urgency as fields. */
    NTFY,
    /** Slack's incoming webhooks, and what takes the same (Mattermost, Rocket.Chat). */
    SLACK,
    /** Discord's webhooks. */
    DISCORD
  }

  /** Without address and token. */
  @Override
  public String toString() {
    return "WebhookSettings[host=%s, format=%s]".formatted(url.getHost(), format);
  }
}
