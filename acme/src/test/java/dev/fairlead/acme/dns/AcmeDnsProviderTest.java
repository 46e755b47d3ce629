package dev.fairlead.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.acme.dns.FakeApi.Reply;
import dev.fairlead.acme.dns.FakeApi.Request;
import dev.fairlead.config.bootstrap.DnsSettings.AcmeDns;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The update call of acme-dns, on a real HTTP server. */
class AcmeDnsProviderTest {

  private static final String SUBDOMAIN = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a";
  private static final String USER = "c36f50e8-4632-44f0-83fe-e070fef28a10";
  private static final String KEY = "htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z";
  private static final TxtRecord RECORD =
      new TxtRecord("_acme-challenge.example.com", "one-".repeat(10) + "111");

  private FakeApi api;

  @BeforeEach
  void start() throws IOException {
    api = new FakeApi(request -> new Reply(200, "{\"txt\": \"" + RECORD.value() + "\"}"));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void updatesTheRecordOfTheAccount() throws Exception {
    provider().present(RECORD);

    assertThat(api.requests).hasSize(1);
    Request request = api.requests.getFirst();
    assertThat(request.method() + " " + request.target()).isEqualTo("POST /api/update");
    assertThat(request.user()).isEqualTo(USER + "/" + KEY);
    JsonNode sent = new ObjectMapper().readTree(request.body());
    assertThat(sent.path("subdomain").asText()).isEqualTo(SUBDOMAIN);
    assertThat(sent.path("txt").asText()).isEqualTo(RECORD.value());
    assertThat(sent).hasSize(2);
  }

  @Test
  void takesNothingAwayAsThereIsNoCallForIt() throws Exception {
    provider().cleanup(RECORD);

    assertThat(api.requests).isEmpty();
  }

  @Test
  void saysWhatItAnsweredAndNoSecret() {
    api.behave(request -> new Reply(401, "{\"error\": \"forbidden\", \"of\": \"" + KEY + "\"}"));

    assertThatThrownBy(() -> provider().present(RECORD))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("answers 401: {\"error\": \"forbidden\", \"of\": \"***\"}")
        .hasMessageContaining("(expected: acme.dns.subdomain, .user and .key of one account")
        .hasMessageNotContaining(KEY)
        .hasMessageNotContaining(USER);
  }

  @Test
  void doesNotGoWhereItIsSent() {
    api.behave(request -> new Reply(302, ""));

    assertThatThrownBy(() -> provider().present(RECORD)).hasMessageContaining("answers 302");
    assertThat(api.requests).hasSize(1);
  }

  @Test
  void saysThatItCannotBeReached() {
    URI nobody = api.address();
    api.close();

    assertThatThrownBy(() -> provider(nobody).present(RECORD))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("cannot be asked: ConnectException")
        .hasMessageEndingWith("or another acme.dns.api)");
  }

  @Test
  void namesTheCnameThatIsMissing() {
    assertThat(provider().whenUnseen(RECORD))
        .isEqualTo("_acme-challenge.example.com is a CNAME to " + SUBDOMAIN + " at acme-dns");
  }

  private DnsProvider provider() {
    return provider(api.address());
  }

  private static DnsProvider provider(URI address) {
    AcmeDns settings = new AcmeDns(address, SUBDOMAIN, USER, KEY);
    assertThat(settings.toString()).doesNotContain(USER).doesNotContain(KEY);
    return new AcmeDnsProvider(settings, Duration.ofSeconds(10));
  }
}
