package dev.fairlead.acme.ondemand;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.ondemand.Questioner.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app that is asked may answer anything. */
class QuestionerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no\r\n\r\n",
        "HTTP/1.1 99999 OK\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      })
  void whatIsNoAnswerIsNoneAndTellsNoSecret(String sent) throws Exception {
    assertThat(none(sent)).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "HTTP/1.1 200 OK\r\nContent-Length: "})
  void whatIsQuotedOfItIsAShortLine(String begin) throws Exception {
    String sent = begin + "\u001b[2J" + "x".repeat(100_000) + "\r\n\r\n";
    assertThat(none(sent)).hasSizeLessThan(400).doesNotContainPattern("\\p{C}");
  }

  /** What is told of it. */
  private static String none(String sent) throws Exception {
    List<String> told = new ArrayList<>();
    try (ServerSocket app = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Questioner questioner = new Questioner(told::add)) {
      Thread.ofVirtual().start(() -> answer(app, sent));
      URI address = URI.create("http://127.0.0.1:%d/ok?key=secret".formatted(app.getLocalPort()));

      assertThat(questioner.ask(address, "a.example.com")).isEqualTo(Answer.NONE);
      assertThat(told)
          .singleElement()
          .asString()
          .startsWith("tls.on-demand.ask http://127.0.0.1:%d/ok: ".formatted(app.getLocalPort()));
      return told.getFirst();
    }
  }

  private static void answer(ServerSocket app, String sent) {
    try (Socket client = app.accept()) {
      assertThat(client.getInputStream().read()).isPositive();
      client.getOutputStream().write(sent.getBytes(ISO_8859_1));
      client.shutdownOutput();
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // the client has enough
    }
  }
}
