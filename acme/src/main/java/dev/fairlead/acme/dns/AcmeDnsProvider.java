package dev.fairlead.acme.dns;

import dev.fairlead.config.bootstrap.DnsSettings.AcmeDns;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;

/**
 * An acme-dns server (github.com/joohoi/acme-dns): it answers for one name with the last two values
 * that it was given, and forgets none by itself.
 */
final class AcmeDnsProvider implements DnsProvider {

  private final AcmeDns settings;
  private final HttpApi api;

  AcmeDnsProvider(AcmeDns settings, Duration limit) {
    this.settings = settings;
    this.api = new HttpApi(settings.api(), List.of(settings.user(), settings.key()), limit);
  }

  @Override
  public void present(TxtRecord record) throws DnsException, InterruptedException {
    String body =
        JsonText.object(
            json -> {
              json.writeStringField("subdomain", settings.subdomain());
              json.writeStringField("txt", record.value());
            });
    HttpApi.Answer answer =
        api.send(
            api.request("/update")
                .header("Content-Type", "application/json")
                .header("X-Api-User", settings.user())
                .header("X-Api-Key", settings.key())
                .POST(BodyPublishers.ofString(body)));
    if (!answer.isSuccess()) {
      throw new DnsException(
          "acme-dns at %s answers %d: %s%s"
              .formatted(
                  settings.api(),
                  answer.status(),
                  api.shown(answer.body()),
                  hint(answer.status())));
    }
  }

  private static String hint(int status) {
    return switch (status) {
      case 400, 401, 403 ->
          " (expected: acme.dns.subdomain, .user and .key of one account there, which may be used"
              + " from here)";
      case 404 -> " (expected: acme.dns.api is where acme-dns has /update)";
      default -> "";
    };
  }

  /** There is no call for it: the next two values push it out. */
  @Override
  public void cleanup(TxtRecord record) {}

  @Override
  public String whenUnseen(TxtRecord record) {
    return "%s is a CNAME to %s at acme-dns".formatted(record.name(), settings.subdomain());
  }

  /** It keeps two, and a second instance may order something else. */
  @Override
  public int mostAtOnce() {
    return 1;
  }
}
