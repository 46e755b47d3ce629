package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.SmtpSettings;
import dev.fairlead.config.bootstrap.WebhookSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Who is told when something needs a human: {@code alerts.*}. */
public final class AlertOptions {

  public static final Option<URI> WEBHOOK_URL =
      Option.optional(
              "alerts.webhook.url",
              Types.WEBHOOK,
              "",
              "Where a request is sent when a certificate is not renewed in time, and when it is"
                  + " again.",
              "https://ntfy.sh/my-fairlead-3f9c")
          .hidden();

  public static final Option<WebhookSettings.Format> WEBHOOK_FORMAT =
      Option.of(
          "alerts.webhook.format",
          Types.words(WebhookSettings.Format.class),
          "json",
          "What is understood there: an object of all that is known (`json`), or what ntfy, Slack"
              + " (Mattermost, too) or Discord take.",
          "ntfy");

  public static final Option<String> WEBHOOK_TOKEN =
      Option.optional(
              "alerts.webhook.token",
              Types.BEARER,
              "",
              "Sent there as `Authorization: Bearer`.",
              "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2")
          .hidden();

  public static final Option<String> SMTP_HOST =
      Option.optional(
          "alerts.smtp.host",
          Types.SERVER,
          "",
          "The server that a mail is given to when a certificate is not renewed in time, and when"
              + " it is again.",
          "mail.example.com");

  public static final Option<Integer> SMTP_PORT =
      Option.optional(
          "alerts.smtp.port",
          Types.PORT_NUMBER,
          "587; with `tls` 465, with `none` 25",
          "Its port.",
          "587");

  public static final Option<SmtpSettings.Tls> SMTP_TLS =
      Option.of(
          "alerts.smtp.tls",
          Types.words(SmtpSettings.Tls.class),
          "starttls",
          "How the connection is protected; its certificate is verified.",
          "tls");

  public static final Option<String> SMTP_FROM =
      Option.optional(
          "alerts.smtp.from",
          Types.EMAIL_ADDRESS,
          "",
          "Who sends the mail.",
          "fairlead@example.com");

  public static final Option<List<String>> SMTP_TO =
      Option.optional(
          "alerts.smtp.to",
          Types.EMAIL_ADDRESSES,
          "`acme.email`",
          "Who gets it.",
          "me@example.com");

  public static final Option<String> SMTP_USER =
      Option.optional(
          "alerts.smtp.user",
          Types.LINE,
          "",
          "The name to log in with, where the server wants that.",
          "fairlead@example.com");

  public static final Option<String> SMTP_PASSWORD =
      Option.optional(
              "alerts.smtp.password",
              Types.LINE,
              "",
              "The password of that name.",
              "correct horse battery staple")
          .hidden();

  public static final Option<Path> CA_ROOT =
      Option.optional(
          "alerts.ca-root",
          Types.FILE_PATH,
          "",
          "PEM certificates that these servers are verified with, beside the well-known ones.",
          "/run/secrets/ca.pem");

  static final Catalogue ALL =
      Catalogue.of(
          WEBHOOK_URL,
          WEBHOOK_FORMAT,
          WEBHOOK_TOKEN,
          SMTP_HOST,
          SMTP_PORT,
          SMTP_TLS,
          SMTP_FROM,
          SMTP_TO,
          SMTP_USER,
          SMTP_PASSWORD,
          CA_ROOT);

  private AlertOptions() {}
}
