package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.ForwardedSettings.Header;
import dev.fairlead.config.bootstrap.ForwardedSettings.NewTrace;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests and traces are called. */
class IdentificationTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  private static final String MADE = "[0-9a-f]{32}";

  private static final Told TOLD = with(NewTrace.SAMPLED);

  private static Told with(NewTrace newTrace) {
    return Told.of(TrustSettings.Header.X_FORWARDED, Header.X_FORWARDED, newTrace);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "7f9c24e8-3b12-4fef-91e0-1a2b3c4d5e6f",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "Root=1-67891233-abcdef012345678912345678",
        "dGVzdA+/_~.:@=="
      })
  void aTrustedFrontNamesItsRequests(String id) {
    assertThat(TOLD.toApp(Told.FRONT, "x-request-id", id).get("X-Request-Id")).isEqualTo(id);
    assertThat(TOLD.identity(Told.FRONT, "X-Request-ID", id).requestId()).isEqualTo(id);
    String longest = id.repeat(128).substring(0, 128);
    assertThat(TOLD.identity(Told.FRONT, "X-Request-ID", longest).requestId()).isEqualTo(longest);
    assertThat(TOLD.identity(Told.FRONT, "X-Request-ID", longest + "x").requestId()).matches(MADE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "a,b", "<b>", "\"a\"", "a;b", "\u00e4", "a\tb", "{a}", "a%20b"})
  void aNameThatIsNoneIsMadeAnew(String id) {
    Headers toApp = TOLD.toApp(Told.FRONT, "X-Request-Id", id);

    assertThat(toApp.get("X-Request-Id")).matches(MADE);
    assertThat(toApp.count("X-Request-Id")).isEqualTo(1);
  }

  @Test
  void twoNamesAreNone() {
    assertThat(TOLD.identity(Told.FRONT, "X-Request-Id", "a", "X-Request-Id", "a").requestId())
        .matches(MADE);
    assertThat(TOLD.identity(Told.FRONT, "X_Request_Id", "a").requestId()).matches(MADE);
    // What only looks like it the front has passed on unread.
    assertThat(TOLD.identity(Told.FRONT, "X_Request_Id", "a", "X-Request-Id", "b").requestId())
        .isEqualTo("b");
  }

  @Test
  void aStrangersRequestIsNamedByTheProxy() {
    Headers toApp = TOLD.toApp(Told.STRANGER, "X-Request-Id", "a", "X_Request-ID", "b");

    assertThat(toApp.get("X-Request-Id")).matches(MADE);
    assertThat(toApp.count("X-Request-Id")).isEqualTo(1);
    assertThat(toApp.count("X_Request-ID")).isZero();
  }

  @Test
  void aTraceIsPassedOnAsItCameFromEverybody() {
    for (ClientInfo client : new ClientInfo[] {Told.STRANGER, Told.FRONT}) {
      Headers toApp = TOLD.toApp(client, "Traceparent", PARENT, "tracestate", "a=1");
      assertThat(toApp.get("traceparent")).isEqualTo(PARENT);
      assertThat(toApp.count("traceparent")).isEqualTo(1);
      assertThat(toApp.get("tracestate")).isEqualTo("a=1");

      Identity identity = TOLD.identity(client, "traceparent", PARENT);
      assertThat(identity.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
      assertThat(identity.requestId()).matches(MADE).isNotEqualTo(identity.traceId());
    }
  }

  @Test
  void aRequestWithoutATraceBeginsOneOfItsOwnName() {
    for (String parent : new String[] {"none", "00-" + "0".repeat(32) + "-b7ad6b7169203331-00"}) {
      Headers toApp = TOLD.toApp(Told.STRANGER, "traceparent", parent, "tracestate", "a=1");
      String id = String.valueOf(toApp.get("X-Request-Id"));

      assertThat(toApp.get("traceparent")).isEqualTo("00-%s-%s-01", id, id.substring(16));
      assertThat(toApp.count("traceparent")).isEqualTo(1);
      assertThat(toApp.contains("tracestate")).isFalse();
    }
    Identity identity = TOLD.identity(Told.STRANGER);
    assertThat(identity.traceId()).isEqualTo(identity.requestId());

    Identity named = TOLD.identity(Told.FRONT, "X-Request-Id", "a");
    assertThat(named.requestId()).isEqualTo("a");
    assertThat(named.traceId()).matches(MADE);
  }

  @Test
  void theSettingsSayWhatANewTraceIs() {
    assertThat(with(NewTrace.UNSAMPLED).toApp(Told.STRANGER).get("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    assertThat(with(NewTrace.OFF).toApp(Told.STRANGER).get("traceparent")).isNull();
    assertThat(with(NewTrace.OFF).identity(Told.STRANGER).traceId()).isNull();
    assertThat(with(NewTrace.OFF).toApp(Told.STRANGER, "traceparent", PARENT).get("traceparent"))
        .isEqualTo(PARENT);
    assertThat(with(NewTrace.OFF).toApp(Told.STRANGER, "traceparent", "x").get("traceparent"))
        .isNull();
  }

  @Test
  void whatCannotBeReadHasANameToo() {
    Identity identity = TOLD.identification().ofUnreadable(Told.FRONT);

    assertThat(identity.requestId()).matches(MADE);
    assertThat(identity.traceId()).isNull();
    assertThat(identity.visitor().address()).isEqualTo("10.0.0.1");
  }

  @Test
  void theClientIsToldUnlessTheAppSaysItself() {
    Identity identity = TOLD.identity(Told.STRANGER);
    Headers answer = new Headers().add("Server", "x");
    identity.toClient(answer);
    assertThat(answer.get("X-Request-Id")).isEqualTo(identity.requestId());

    Headers own = new Headers().add("x-request-id", "app-1");
    identity.toClient(own);
    assertThat(Told.lines(own)).containsExactly("x-request-id: app-1");
  }
}
