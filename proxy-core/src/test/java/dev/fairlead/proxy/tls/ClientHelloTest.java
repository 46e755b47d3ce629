package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a ClientHello, and that nothing in it can do harm. */
class ClientHelloTest {

  private static final long SEED = 8446;
  private static final int RECORD_AND_HANDSHAKE_HEADER = 5 + 4;

  @Test
  void theNameAndTheProtocolsAreRead() throws Exception {
    ClientHello hello = read(real("Shop.Test", "h2", "http/1.1"));

    assertThat(hello.serverName()).isEqualTo("shop.test");
    assertThat(hello.protocols()).containsExactly("h2", "http/1.1");
  }

  @Test
  void bothMayBeMissing() throws Exception {
    ClientHello hello = read(real(""));

    assertThat(hello.serverName()).isNull();
    assertThat(hello.protocols()).isEmpty();
  }

  @Test
  void readingLeavesTheMessageAsItWas() throws Exception {
    ByteBuf message = Unpooled.wrappedBuffer(real("shop.test", "h2"));
    int readable = message.readableBytes();

    ClientHello.read(message);

    assertThat(message.readableBytes()).isEqualTo(readable);
  }

  @Test
  void aMessageThatEndsTooSoonNamesNothingElse() throws Exception {
    byte[] whole = real("shop.test", "h2", "http/1.1");
    for (int length = 0; length < whole.length; length++) {
      ClientHello hello = read(Arrays.copyOf(whole, length));

      assertThat(hello.serverName()).isIn(null, "shop.test");
      assertThat(List.of("h2", "http/1.1")).containsAll(hello.protocols());
    }
  }

  @Test
  void ofTwoNamesTheFirstCountsAsItDoesForTls() throws Exception {
    byte[] hello =
        HexFormat.of()
            .parseHex(
                "0303"
                    + "52".repeat(32)
                    + "00" // no session
                    + "00021301" // one cipher suite
                    + "0100" // no compression
                    + "001e"
                    + "0000000b00090000"
                    + "06"
                    + "612e74657374"
                    + "0000000b00090000"
                    + "06"
                    + "622e74657374");

    assertThat(read(hello).serverName()).isEqualTo("a.test");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "2001:DB8:0::1, '[2001:db8::1]'",
    "[2001:db8::1], '[2001:db8::1]'",
    "::ffff:10.0.0.1, '::ffff:10.0.0.1'",
    "a:b, 'a:b'"
  })
  void anAddressThatMustNotStandThereIsReadAsInRequests(String sent, String read) {
    assertThat(read(naming(sent)).serverName()).isEqualTo(read);
  }

  private static byte[] naming(String host) {
    byte[] name = host.getBytes(StandardCharsets.US_ASCII);
    int length = name.length;
    return ByteBuffer.allocate(2 + 32 + 1 + 4 + 2 + 2 + 4 + 5 + length)
        .putShort((short) 0x0303)
        .put(new byte[32])
        .put((byte) 0) // no session
        .putShort((short) 2)
        .putShort((short) 0x1301)
        .putShort((short) 0x0100) // no compression
        .putShort((short) (4 + 5 + length))
        .putShort((short) 0)
        .putShort((short) (5 + length))
        .putShort((short) (3 + length))
        .put((byte) 0)
        .putShort((short) length)
        .put(name)
        .array();
  }

  @Test
  void noMutationMakesItThrow() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    byte[] whole = real("shop.test", "h2", "http/1.1");
    int named = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] mutated = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int n = random.nextInt(4); n > 0 && mutated.length > 0; n--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      }
      named += read(mutated).serverName() == null ? 0 : 1;
    }
    assertThat(named).isPositive();
  }

  private static ClientHello read(byte[] message) {
    return ClientHello.read(Unpooled.wrappedBuffer(message));
  }

  /** The message of the JDK's TLS, without the headers of record and handshake. */
  private static byte[] real(String host, String... protocols)
      throws NoSuchAlgorithmException, SSLException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOfRange(out.array(), RECORD_AND_HANDSHAKE_HEADER, out.position());
  }
}
