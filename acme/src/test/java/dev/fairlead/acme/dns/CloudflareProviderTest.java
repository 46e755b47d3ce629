package dev.fairlead.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.acme.dns.FakeApi.Reply;
import dev.fairlead.acme.dns.FakeApi.Request;
import dev.fairlead.config.bootstrap.DnsSettings.Cloudflare;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cloudflare's API as far as we use it, kept in a map, on a real HTTP server. */
class CloudflareProviderTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = "a-token-that-nobody-may-see";
  private static final String NAME = "_acme-challenge.shop.example.com";
  private static final String ONE = "one-".repeat(10) + "111";
  private static final String OTHER = "two-".repeat(10) + "222";

  private final Map<String, String> contents = new LinkedHashMap<>();
  private FakeApi api;

  @BeforeEach
  void start() throws IOException {
    api = new FakeApi(this::answer);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void setsARecordInTheZoneThatItFindsAndTakesItAway() throws Exception {
    DnsProvider provider = provider();

    provider.present(new TxtRecord(NAME, ONE));

    assertThat(api.requests)
        .extracting(Request::method, Request::target)
        .containsExactly(
            tuple("GET", "/api/zones?name=shop.example.com"),
            tuple("GET", "/api/zones?name=example.com"),
            tuple("POST", "/api/zones/zone1/dns_records"));
    assertThat(api.requests).allMatch(request -> request.authorization().equals("Bearer " + TOKEN));
    JsonNode sent = JSON.readTree(api.requests.getLast().body());
    assertThat(sent.path("type").asText()).isEqualTo("TXT");
    assertThat(sent.path("name").asText()).isEqualTo(NAME);
    assertThat(sent.path("content").asText()).isEqualTo('"' + ONE + '"');
    assertThat(sent.path("ttl").asInt()).isEqualTo(60);

    provider.cleanup(new TxtRecord(NAME, ONE));
    assertThat(contents).isEmpty();
  }

  @Test
  void recordsOfOneNameDoNotOverwriteEachOther() throws Exception {
    DnsProvider provider = provider();
    provider.present(new TxtRecord(NAME, ONE));
    provider.present(new TxtRecord(NAME, OTHER));
    assertThat(contents).hasSize(2);

    provider.cleanup(new TxtRecord(NAME, ONE));

    assertThat(contents.values()).containsExactly('"' + OTHER + '"');
  }

  @Test
  void whatIsThereAlreadyOrGoneAlreadyIsNoError() throws Exception {
    DnsProvider provider = provider();
    provider.present(new TxtRecord(NAME, ONE));
    provider.present(new TxtRecord(NAME, ONE));
    assertThat(contents).hasSize(1);

    provider.cleanup(new TxtRecord(NAME, ONE));
    provider.cleanup(new TxtRecord(NAME, ONE));
    assertThat(contents).isEmpty();
  }

  @Test
  void followsADelegation() throws Exception {
    DnsProvider provider = provider("acme.example.com");

    provider.present(new TxtRecord("_acme-challenge.shop.example.net", ONE));

    assertThat(JSON.readTree(api.requests.getLast().body()).path("name").asText())
        .isEqualTo("acme.example.com");
  }

  @Test
  void saysWhatIsWrongWithTheTokenAndDoesNotSayIt() {
    api.behave(
        request ->
            new Reply(
                403,
                """
                {"success": false, "errors": [{"code": 9109, "message": "Unauthorized: %s"}],
                 "result": null}\
                """
                    .formatted(request.authorization())));

    assertThatThrownBy(() -> provider().present(new TxtRecord(NAME, ONE)))
        .isInstanceOf(DnsException.class)
        .hasMessageStartingWith("Cloudflare answers 403: Unauthorized: Bearer *** [9109]")
        .hasMessageContaining("(expected: acme.dns.token may read the zone and edit its DNS")
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void saysThatTheTokenSeesNoSuchZone() {
    assertThatThrownBy(
            () -> provider().present(new TxtRecord("_acme-challenge.shop.example.net", ONE)))
        .hasMessageStartingWith("Cloudflare shows no zone of _acme-challenge.shop.example.net");
    // never a whole top-level domain
    assertThat(api.requests)
        .extracting(Request::target)
        .containsExactly("/api/zones?name=shop.example.net", "/api/zones?name=example.net");
  }

  @Test
  void saysThatSomebodyElseAnswers() {
    api.behave(request -> new Reply(502, "<html>\nbad gateway</html>"));

    assertThatThrownBy(() -> provider().present(new TxtRecord(NAME, ONE)))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("answers 502, and not as Cloudflare does: <html> bad gateway</html>");
  }

  @Test
  void anIdNeverBecomesAnAddress() {
    api.behave(
        request ->
            new Reply(200, "{\"success\": true, \"result\": [{\"id\": \"../user/tokens\"}]}"));

    assertThatThrownBy(() -> provider().present(new TxtRecord(NAME, ONE)))
        .hasMessageContaining("gave an id that is none");
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    api.behave(request -> new Reply(200, "{\"success\": true, " + " ".repeat(300 * 1024) + "}"));

    assertThatThrownBy(() -> provider().present(new TxtRecord(NAME, ONE)))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("cannot be asked");
  }

  @Test
  void waitsNoLongerThanItsLimit() {
    CountDownLatch ended = new CountDownLatch(1);
    api.behave(
        request -> {
          awaitEnd(ended);
          return new Reply(200, "{}");
        });
    Cloudflare settings = new Cloudflare(api.address(), TOKEN);
    DnsProvider hasty = new CloudflareProvider(settings, name -> name, Duration.ofMillis(200));

    assertThatThrownBy(() -> hasty.present(new TxtRecord(NAME, ONE)))
        .isInstanceOf(DnsException.class)
        .hasMessageMatching("http://127.0.0.1:\\d+/api (did not answer within|cannot be asked).*");
    ended.countDown();
  }

  private static void awaitEnd(CountDownLatch ended) throws IOException {
    try {
      if (!ended.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nobody gave up");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private DnsProvider provider() {
    Cloudflare settings = new Cloudflare(api.address(), TOKEN);
    assertThat(settings.toString()).doesNotContain(TOKEN);
    return new CloudflareProvider(settings, name -> name, Duration.ofSeconds(10));
  }

  private DnsProvider provider(String target) {
    return new CloudflareProvider(
        new Cloudflare(api.address(), TOKEN), name -> Lookups.name(target), Duration.ofSeconds(10));
  }

  private Reply answer(Request request) throws IOException {
    String target = request.target();
    if (target.equals("/api/zones?name=example.com")) {
      return ok("[{\"id\": \"zone1\", \"name\": \"example.com\", \"owner\": {\"id\": \"x\"}}]");
    }
    if (target.startsWith("/api/zones?")) {
      return ok("[]");
    }
    if (request.method().equals("POST")) {
      String content = JSON.readTree(request.body()).path("content").asText();
      if (contents.containsValue(content)) {
        return failed(400, 81058, "An identical record already exists.");
      }
      String id = "record" + contents.size();
      contents.put(id, content);
      return ok(
          "{\"id\": \"%s\", \"content\": %s}".formatted(id, JSON.writeValueAsString(content)));
    }
    if (request.method().equals("DELETE")) {
      return contents.remove(target.substring(target.lastIndexOf('/') + 1)) == null
          ? failed(404, 81044, "Record does not exist.")
          : ok("{\"id\": \"gone\"}");
    }
    assertThat(target)
        .isEqualTo(
            "/api/zones/zone1/dns_records?type=TXT&per_page=100&name="
                + "_acme-challenge.shop.example.com");
    return ok(
        contents.entrySet().stream()
            .map(
                entry ->
                    "{\"id\": \"%s\", \"content\": \"%s\", \"tags\": [{}]}"
                        .formatted(entry.getKey(), entry.getValue().replace("\"", "\\\"")))
            .collect(Collectors.joining(",", "[", "]")));
  }

  private static Reply ok(String result) {
    return new Reply(
        200,
        "{\"result\": %s, \"success\": true, \"errors\": [], \"messages\": [{}]}"
            .formatted(result));
  }

  private static Reply failed(int status, int code, String message) {
    return new Reply(
        status,
        """
        {"result": null, "success": false, "errors": [{"code": %d, "message": "%s"}]}\
        """
            .formatted(code, message));
  }
}
