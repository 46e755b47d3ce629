package dev.fairlead.acme.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.config.bootstrap.DnsSettings.Cloudflare;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.xbill.DNS.Name;

/** Cloudflare's API, version 4, with a token. */
final class CloudflareProvider implements DnsProvider {

  private static final int TTL_SECONDS = 60;
  private static final int RECORD_EXISTS = 81_057;
  private static final int IDENTICAL_RECORD_EXISTS = 81_058;
  private static final int NO_SUCH_RECORD = 81_044;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final String RIGHTS =
      " (expected: acme.dns.token may read the zone and edit its DNS: Zone / Zone / Read and Zone /"
          + " DNS / Edit)";

  private final Cloudflare settings;
  private final Aliases aliases;
  private final HttpApi api;

  CloudflareProvider(Cloudflare settings, Aliases aliases, Duration limit) {
    this.settings = settings;
    this.aliases = aliases;
    this.api = new HttpApi(settings.api(), List.of(settings.token()), limit);
  }

  @Override
  public void present(TxtRecord record) throws DnsException, InterruptedException {
    String name = delegated(record);
    String body =
        JsonText.object(
            json -> {
              json.writeStringField("type", "TXT");
              json.writeStringField("name", name);
              json.writeStringField("content", quoted(record));
              json.writeNumberField("ttl", TTL_SECONDS);
            });
    CloudflareAnswer answer =
        call(
            api.request("/zones/%s/dns_records".formatted(zone(name)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)),
            RECORD_EXISTS,
            IDENTICAL_RECORD_EXISTS);
    if (answer.success() && answer.results().isEmpty()) {
      throw new DnsException("Cloudflare took the record of %s without an id".formatted(name));
    }
  }

  @Override
  public void cleanup(TxtRecord record) throws DnsException, InterruptedException {
    String name = delegated(record);
    String records = "/zones/%s/dns_records".formatted(zone(name));
    String query = "?type=TXT&per_page=100&name=" + URLEncoder.encode(name, UTF_8);
    for (CloudflareAnswer.Item item : call(api.request(records + query).GET()).results()) {
      if (item.content().equals(quoted(record)) || item.content().equals(record.value())) {
        call(api.request(records + "/" + checked(item.id())).DELETE(), NO_SUCH_RECORD);
      }
    }
  }

  @Override
  public String whenUnseen(TxtRecord record) {
    return "the zone's servers are Cloudflare's, or a longer acme.dns.wait";
  }

  /** As Cloudflare keeps it, and warns when it is not. */
  private static String quoted(TxtRecord record) {
    return '"' + record.value() + '"';
  }

  private String delegated(TxtRecord record) throws DnsException, InterruptedException {
    return aliases.delegated(Lookups.name(record.name())).toString(true);
  }

  private String zone(String text) throws DnsException, InterruptedException {
    Name name = Lookups.name(text);
    Name first = text.startsWith("_") ? new Name(name, 1) : name;
    for (Name now = first; now.labels() > 2; now = new Name(now, 1)) { // more than a "com."
      String query = "/zones?name=" + URLEncoder.encode(now.toString(true), UTF_8);
      List<CloudflareAnswer.Item> zones = call(api.request(query).GET()).results();
      if (!zones.isEmpty()) {
        return checked(zones.getFirst().id());
      }
    }
    throw new DnsException("Cloudflare shows no zone of %s%s".formatted(text, RIGHTS));
  }

  /** An id goes into an address. */
  private static String checked(String id) throws DnsException {
    if (!ID.matcher(id).matches()) {
      throw new DnsException("Cloudflare gave an id that is none: " + Said.line(id));
    }
    return id;
  }

  /**
   * Calls.
   *
   * @param fine errors that say that it is already as it shall be
   */
  private CloudflareAnswer call(HttpRequest.Builder request, int... fine)
      throws DnsException, InterruptedException {
    HttpApi.Answer answer = api.send(request.header("Authorization", "Bearer " + settings.token()));
    CloudflareAnswer read = read(answer);
    for (int code : fine) {
      if (read.has(code)) {
        return read;
      }
    }
    if (!answer.isSuccess() || !read.success()) {
      boolean ofRights = List.of(400, 401, 403).contains(answer.status());
      throw new DnsException(
          "Cloudflare answers %d: %s%s"
              .formatted(
                  answer.status(),
                  api.shown(read.said().orElse("without saying why")),
                  ofRights ? RIGHTS : ""));
    }
    return read;
  }

  private CloudflareAnswer read(HttpApi.Answer answer) throws DnsException {
    try {
      return CloudflareAnswer.parse(answer.body());
    } catch (IOException e) {
      throw new DnsException(
          "%s answers %d, and not as Cloudflare does: %s"
              .formatted(settings.api(), answer.status(), api.shown(answer.body())),
          e);
    }
  }
}
