package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The beginning of a TLS connection, alone. */
class TlsEntryTest {

  /** A ClientHello that names {@code a.test} and offers acme-tls/1, in its record. */
  private static final byte[] CHALLENGE =
      HexFormat.of()
          .parseHex(
              "160301004f"
                  + "0100004b"
                  + "0303"
                  + "52".repeat(32)
                  + "00"
                  + "00021301"
                  + "0100"
                  + "0020"
                  + "0000000b0009000006612e74657374"
                  + "0010000d000b0a61636d652d746c732f31");

  private final List<String> asked = new ArrayList<>();
  private final CompletableFuture<Optional<ServerCertificate>> answer = new CompletableFuture<>();
  private final EmbeddedChannel channel = new EmbeddedChannel(entry());

  @Test
  void aChallengeIsAskedForOnceHoweverItEnds() {
    channel.writeInbound(Unpooled.copiedBuffer(CHALLENGE));
    assertThat(asked).containsExactly("a.test");
    assertThat(channel.isOpen()).isTrue();

    answer.completeExceptionally(new IllegalStateException("storage"));
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
    assertThat(asked).containsExactly("a.test");
    channel.finishAndReleaseAll();
  }

  private TlsEntry entry() {
    return new TlsEntry(
        new CertificateIndex(),
        host -> {
          asked.add(host);
          return answer;
        },
        Duration.ofSeconds(10),
        (pipeline, http2, serverName) -> {
          throw new AssertionError("nothing was agreed on");
        });
  }
}
