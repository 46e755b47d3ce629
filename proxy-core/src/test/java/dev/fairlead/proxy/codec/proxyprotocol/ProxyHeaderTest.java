package dev.fairlead.proxy.codec.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeader.Complete;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeader.Incomplete;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeader.Invalid;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String FOUR = "cb007105c63364018fd801bb"; // 203.0.113.5 to 198.51.100.1

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 203.0.113.5 198.51.100.1 56324 443, 203.0.113.5",
    "PROXY TCP4 255.255.255.255 0.0.0.0 0 65535, 255.255.255.255",
    "PROXY TCP6 2001:db8::1 ::1 1 2, 2001:db8::1",
    "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff1"
        + " 65535 65535, ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0",
    "PROXY TCP6 ::ffff:203.0.113.5 ::1 1 2, 203.0.113.5"
  })
  void readsALineOfVersion1(String line, String source) {
    whole(line(line), Optional.of(source));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY UNKNOWN",
        "PROXY UNKNOWN ffff:f...f 1 2 whatever it is",
      })
  void doesNotBelieveALineThatKnowsNothing(String line) {
    whole(line(line), Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "POST / HTTP/1.1",
        "PROXY",
        "PROXY ",
        "PROXY  TCP4 1.1.1.1 2.2.2.2 1 2",
        "proxy TCP4 1.1.1.1 2.2.2.2 1 2",
        "PROXY tcp4 1.1.1.1 2.2.2.2 1 2",
        "PROXY TCP5 1.1.1.1 2.2.2.2 1 2",
        "PROXY UDP4 1.1.1.1 2.2.2.2 1 2",
        "PROXY TCP4 ::1 ::2 1 2",
        "PROXY TCP6 1.1.1.1 2.2.2.2 1 2",
        "PROXY TCP4 1.1.1.1 ::2 1 2",
        "PROXY TCP4 1.1.1.256 2.2.2.2 1 2",
        "PROXY TCP4 1.1.1 2.2.2.2 1 2",
        "PROXY TCP4 01.1.1.1 2.2.2.2 1 2",
        "PROXY TCP4 1.1.1.1 localhost 1 2",
        "PROXY TCP6 fe80::1%eth0 ::1 1 2",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 65536",
        "PROXY TCP4 1.1.1.1 2.2.2.2 -1 2",
        "PROXY TCP4 1.1.1.1 2.2.2.2 01 2",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 ",
        "PROXY TCP4\t1.1.1.1\t2.2.2.2\t1\t2"
      })
  void refusesAnyOtherLine(String line) {
    invalid(line(line));
  }

  @Test
  void aLineHasItsLimitAndItsEnd() {
    String unknown = "PROXY UNKNOWN ";
    whole(line(unknown + "x".repeat(105 - unknown.length())), Optional.empty());
    invalid(line(unknown + "x".repeat(106 - unknown.length())));
    invalid(bytes(unknown + "x".repeat(107)));
    invalid(bytes("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n"));
    assertThat(read(bytes("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r"))).isInstanceOf(Incomplete.class);
  }

  @ParameterizedTest
  @CsvSource({
    // PROXY, TCP over IPv4; alone, and with more behind the addresses
    "2111000c" + FOUR + ", 203.0.113.5",
    "21110010" + FOUR + "04000100, 203.0.113.5",
    // TCP over IPv6
    "21210024"
        + "20010db8000000000000000000000001"
        + "00000000000000000000000000000001"
        + "00010002, 2001:db8::1",
    // LOCAL, whatever follows; unspecified; a Unix socket
    "20000000, ''",
    "2011000c" + FOUR + ", ''",
    "20ff0001aa, ''",
    "21000000, ''",
    "21000003010203, ''",
    "21310002abcd, ''"
  })
  void readsVersion2(String hex, String source) {
    whole(
        HexFormat.of().parseHex(SIGNATURE + hex),
        Optional.of(source).filter(text -> !text.isEmpty()),
        hex.startsWith("20"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1111000c" + FOUR, // version 1 in this form
        "3111000c" + FOUR,
        "2211000c" + FOUR, // no command
        "2f000000",
        "2112000c" + FOUR, // UDP
        "2122000c" + FOUR,
        "2141000c" + FOUR, // no family
        "2111000b" + "cb007105c63364018fd801", // too short for its addresses
        "21110000",
        "21210023" + "0000000000000000000000000000000000000000000000000000000000000000000000"
      })
  void refusesWhatIsNotVersion2(String hex) {
    invalid(HexFormat.of().parseHex(SIGNATURE + hex));
  }

  @Test
  void aLongHeaderIsRefusedBeforeItCame() {
    assertThat(read(HexFormat.of().parseHex(SIGNATURE + "21111000")))
        .isInstanceOf(Incomplete.class);
    assertThat(read(HexFormat.of().parseHex(SIGNATURE + "21111001")))
        .isEqualTo(new Invalid("a header of 4113 bytes (expected: at most 4112)"));
  }

  @Test
  void theFirstWrongByteIsEnough() {
    invalid(new byte[] {'G'});
    invalid(new byte[] {'P', 'O'});
    invalid(new byte[] {'\r', '\n', '\r', '\r'});
    invalid(new byte[] {0x16, 3, 1});
    assertThat(read(new byte[0])).isInstanceOf(Incomplete.class);
  }

  @Test
  void readsWhatNettyWrites() throws Exception {
    Random random = new Random(20261125);
    for (int i = 0; i < 2000; i++) {
      boolean six = random.nextBoolean();
      byte[] address = new byte[six ? 16 : 4];
      random.nextBytes(address);
      InetAddress source = InetAddress.getByAddress(address);
      String text = source.getHostAddress();
      HAProxyMessage message =
          new HAProxyMessage(
              random.nextBoolean() ? HAProxyProtocolVersion.V1 : HAProxyProtocolVersion.V2,
              HAProxyCommand.PROXY,
              six ? HAProxyProxiedProtocol.TCP6 : HAProxyProxiedProtocol.TCP4,
              text,
              text,
              random.nextInt(65_536),
              random.nextInt(65_536));
      EmbeddedChannel channel = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
      channel.writeOutbound(message);
      ByteBuf written = channel.readOutbound();
      byte[] bytes = new byte[written.readableBytes()];
      written.readBytes(bytes).release();
      channel.finish();

      assertThat(read(bytes)).isEqualTo(new Complete(Optional.of(source), false, bytes.length));
    }
  }

  @Test
  void anyBytesGiveAnAnswer() {
    Random random = new Random(20261125);
    byte[][] seeds = {
      line("PROXY TCP4 203.0.113.5 198.51.100.1 56324 443"),
      HexFormat.of().parseHex(SIGNATURE + "2111000c" + FOUR)
    };
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = seeds[i % seeds.length].clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      cutAnywhere(bytes, read(bytes));
    }
  }

  private static void whole(byte[] bytes, Optional<String> source) {
    whole(bytes, source, false);
  }

  private static void whole(byte[] bytes, Optional<String> source, boolean own) {
    ProxyHeader expected = new Complete(source.map(InetAddress::ofLiteral), own, bytes.length);
    assertThat(read(bytes)).isEqualTo(expected);
    byte[] more = Arrays.copyOf(bytes, bytes.length + 100);
    assertThat(read(more)).isEqualTo(expected);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(read(Arrays.copyOf(bytes, length))).isInstanceOf(Incomplete.class);
    }
  }

  private static void invalid(byte[] bytes) {
    ProxyHeader read = read(bytes);
    assertThat(read).isInstanceOf(Invalid.class);
    cutAnywhere(bytes, read);
  }

  /** A part may say less, never something else. */
  private static void cutAnywhere(byte[] bytes, ProxyHeader all) {
    for (int length = 0; length < bytes.length; length++) {
      ProxyHeader part = read(Arrays.copyOf(bytes, length));
      if (!(part instanceof Incomplete)) {
        assertThat(part).hasSameClassAs(all);
        if (part instanceof Complete) {
          assertThat(part).isEqualTo(all);
        }
      }
    }
  }

  private static ProxyHeader read(byte[] bytes) {
    // Not at the beginning of its buffer: offsets count from what is readable.
    ByteBuf in = Unpooled.buffer().writeZero(3).writeBytes(bytes).skipBytes(3);
    ProxyHeader header = ProxyHeader.of(in);
    assertThat(in.readableBytes()).isEqualTo(bytes.length);
    return header;
  }

  private static byte[] line(String text) {
    return bytes(text + "\r\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
