package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The simplest thing, by every protocol. */
class PassesRequestsOnTest {

  @Test
  void aGetByPlainHttpIsAnsweredByTheApp() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer = client.get("a.test", "/").read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
    }
  }

  @Test
  void aGetByTlsAndHttp1IsAnsweredByTheApp() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connectTls("a.test")) {
      Message answer = client.get("a.test", "/").read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
    }
  }

  @Test
  void aGetByHttp2IsAnsweredByTheApp() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        HttpClient client = ProxyFixture.client(HttpClient.Version.HTTP_2)) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(proxy.https("a.test", "/")).build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
    }
  }
}
