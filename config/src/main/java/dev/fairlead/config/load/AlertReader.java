package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AlertSettings;
import dev.fairlead.config.bootstrap.SmtpSettings;
import dev.fairlead.config.bootstrap.WebhookSettings;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.util.List;
import java.util.Optional;

/** The settings of alerts, several of which say something only together. */
final class AlertReader {

  private static final List<Option<?>> OF_WEBHOOK =
      List.of(SettingOptions.ALERTS_WEBHOOK_FORMAT, SettingOptions.ALERTS_WEBHOOK_TOKEN);

  private static final List<Option<?>> OF_SMTP =
      List.of(
          SettingOptions.ALERTS_SMTP_PORT,
          SettingOptions.ALERTS_SMTP_TLS,
          SettingOptions.ALERTS_SMTP_FROM,
          SettingOptions.ALERTS_SMTP_TO,
          SettingOptions.ALERTS_SMTP_USER,
          SettingOptions.ALERTS_SMTP_PASSWORD);

  private final Values values;

  AlertReader(Values values) {
    this.values = values;
  }

  /** What is missing, or would be without effect. */
  void check(Problems problems) {
    needs(OF_WEBHOOK, SettingOptions.ALERTS_WEBHOOK_URL, problems);
    needs(OF_SMTP, SettingOptions.ALERTS_SMTP_HOST, problems);
    List<Option<?>> host = List.of(SettingOptions.ALERTS_SMTP_HOST);
    needs(host, SettingOptions.ALERTS_SMTP_FROM, problems);
    if (!values.isGiven(SettingOptions.ACME_EMAIL)) {
      needs(host, SettingOptions.ALERTS_SMTP_TO, problems);
    }
    needs(List.of(SettingOptions.ALERTS_SMTP_USER), SettingOptions.ALERTS_SMTP_PASSWORD, problems);
    needs(List.of(SettingOptions.ALERTS_SMTP_PASSWORD), SettingOptions.ALERTS_SMTP_USER, problems);
    if (values.isGiven(SettingOptions.ALERTS_SMTP_PASSWORD)
        && values.find(SettingOptions.ALERTS_SMTP_TLS).equals(Optional.of(SmtpSettings.Tls.NONE))) {
      problems.add(
          values.pathOf(SettingOptions.ALERTS_SMTP_TLS),
          "none",
          "starttls or tls, as a password is sent");
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
    return new AlertSettings(webhook(), smtp(), values.find(SettingOptions.ALERTS_CA_ROOT));
  }

  private Optional<WebhookSettings> webhook() {
    return values
        .find(SettingOptions.ALERTS_WEBHOOK_URL)
        .map(
            url ->
                new WebhookSettings(
                    url,
                    values.get(SettingOptions.ALERTS_WEBHOOK_FORMAT),
                    values.find(SettingOptions.ALERTS_WEBHOOK_TOKEN)));
  }

  private Optional<SmtpSettings> smtp() {
    return values
        .find(SettingOptions.ALERTS_SMTP_HOST)
        .map(
            host -> {
              SmtpSettings.Tls tls = values.get(SettingOptions.ALERTS_SMTP_TLS);
              return new SmtpSettings(
                  host,
                  values.find(SettingOptions.ALERTS_SMTP_PORT).orElse(tls.port()),
                  tls,
                  values.get(SettingOptions.ALERTS_SMTP_FROM),
                  values
                      .find(SettingOptions.ALERTS_SMTP_TO)
                      .or(() -> values.find(SettingOptions.ACME_EMAIL).map(List::of))
                      .orElseThrow(),
                  login());
            });
  }

  private Optional<SmtpSettings.Login> login() {
    return values
        .find(SettingOptions.ALERTS_SMTP_USER)
        .map(user -> new SmtpSettings.Login(user, values.get(SettingOptions.ALERTS_SMTP_PASSWORD)));
  }
}
