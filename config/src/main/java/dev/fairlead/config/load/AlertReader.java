package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AlertSettings;
import dev.fairlead.config.bootstrap.SmtpSettings;
import dev.fairlead.config.bootstrap.WebhookSettings;
import dev.fairlead.config.schema.AcmeOptions;
import dev.fairlead.config.schema.AlertOptions;
import dev.fairlead.config.schema.Option;
import java.util.List;
import java.util.Optional;

/** The settings of alerts, several of which say something only together. */
final class AlertReader {

  private static final List<Option<?>> OF_WEBHOOK =
      List.of(AlertOptions.WEBHOOK_FORMAT, AlertOptions.WEBHOOK_TOKEN);

  private static final List<Option<?>> OF_SMTP =
      List.of(
          AlertOptions.SMTP_PORT,
          AlertOptions.SMTP_TLS,
          AlertOptions.SMTP_FROM,
          AlertOptions.SMTP_TO,
          AlertOptions.SMTP_USER,
          AlertOptions.SMTP_PASSWORD);

  private final Values values;

  AlertReader(Values values) {
    this.values = values;
  }

  /** What is missing, or would be without effect. */
  void check(Problems problems) {
    needs(OF_WEBHOOK, AlertOptions.WEBHOOK_URL, problems);
    needs(OF_SMTP, AlertOptions.SMTP_HOST, problems);
    List<Option<?>> host = List.of(AlertOptions.SMTP_HOST);
    needs(host, AlertOptions.SMTP_FROM, problems);
    if (!values.isGiven(AcmeOptions.EMAIL)) {
      needs(host, AlertOptions.SMTP_TO, problems);
    }
    needs(List.of(AlertOptions.SMTP_USER), AlertOptions.SMTP_PASSWORD, problems);
    needs(List.of(AlertOptions.SMTP_PASSWORD), AlertOptions.SMTP_USER, problems);
    if (values.isGiven(AlertOptions.SMTP_PASSWORD)
        && values.find(AlertOptions.SMTP_TLS).equals(Optional.of(SmtpSettings.Tls.NONE))) {
      problems.add(
          values.pathOf(AlertOptions.SMTP_TLS), "none", "starttls or tls, as a password is sent");
    }
  }

  private void needs(List<Option<?>> given, Option<?> needed, Problems problems) {
    if (values.isGiven(needed)) {
      return;
    }
    for (Option<?> option : given) {
      if (values.isGiven(option) && !values.isWrong(option)) {
        problems.add(values.pathOf(option), "alone", needed.key() + " as well");
      }
    }
  }

  AlertSettings settings() {
    return new AlertSettings(webhook(), smtp(), values.find(AlertOptions.CA_ROOT));
  }

  private Optional<WebhookSettings> webhook() {
    return values
        .find(AlertOptions.WEBHOOK_URL)
        .map(
            url ->
                new WebhookSettings(
                    url,
                    values.get(AlertOptions.WEBHOOK_FORMAT),
                    values.find(AlertOptions.WEBHOOK_TOKEN)));
  }

  private Optional<SmtpSettings> smtp() {
    return values
        .find(AlertOptions.SMTP_HOST)
        .map(
            host -> {
              SmtpSettings.Tls tls = values.get(AlertOptions.SMTP_TLS);
              return new SmtpSettings(
                  host,
                  values.find(AlertOptions.SMTP_PORT).orElse(tls.port()),
                  tls,
                  values.get(AlertOptions.SMTP_FROM),
                  values
                      .find(AlertOptions.SMTP_TO)
                      .or(() -> values.find(AcmeOptions.EMAIL).map(List::of))
                      .orElseThrow(),
                  login());
            });
  }

  private Optional<SmtpSettings.Login> login() {
    return values
        .find(AlertOptions.SMTP_USER)
        .map(user -> new SmtpSettings.Login(user, values.get(AlertOptions.SMTP_PASSWORD)));
  }
}
