package dev.fairlead.discovery.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies that mostly are the same as before. */
class BodyTest {

  private static final int LIMIT = 1_000_000;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Body of(byte[] bytes) throws IOException {
    return read(bytes, Body.NONE).orElseThrow();
  }

  private static Optional<Body> read(byte[] body, Body previous) throws IOException {
    return previous.readNext(new ByteArrayInputStream(body), LIMIT);
  }

  private static void reads(byte[] body, byte[] previous) throws IOException {
    assertThat(read(body, of(previous)).orElseThrow().open()).hasBinaryContent(body);
  }

  @Test
  void theSameBytesAreNoChange() throws IOException {
    for (int length : new int[] {1, 65_535, 65_536, 65_537, 131_072, 200_000}) {
      assertThat(read(bytes(length), of(bytes(length)))).isEmpty();
    }
  }

  @Test
  void anyDifferenceGivesTheWholeBody() throws IOException {
    for (int at : new int[] {0, 65_535, 65_536, 131_071, 199_999}) {
      byte[] changed = bytes(200_000);
      changed[at]++;
      reads(changed, bytes(200_000));
    }
  }

  @Test
  void aLongerOrShorterBodyIsAChange() throws IOException {
    byte[] before = bytes(131_072);
    for (int length : new int[] {1, 65_536, 131_071}) {
      reads(Arrays.copyOf(before, length), before);
    }
    reads(Arrays.copyOf(before, 131_073), before);
    reads(Arrays.copyOf(before, 400_000), before);
    reads(before, new byte[0]);
  }

  @Test
  void whatComesAgainAndAgainIsKeptSmallAndKnown() throws IOException {
    for (int length : new int[] {1, 65_536, 200_000}) {
      for (byte[] content : new byte[][] {bytes(length), new byte[length]}) {
        Body body = of(content);
        for (int i = 0; i < 20; i++) {
          assertThat(read(content, body)).isEmpty();
        }
        assertThat(body.open()).hasBinaryContent(content);
        for (int at : new int[] {0, length / 2, length - 1}) {
          byte[] changed = content.clone();
          changed[at] ^= 1;
          Body next = read(changed, body).orElseThrow();
          assertThat(next.open()).hasBinaryContent(changed);
          assertThat(read(content, next).orElseThrow().open()).hasBinaryContent(content);
        }
      }
    }
  }

  @Test
  void anEmptyBodyIsNeverTheSame() throws IOException {
    reads(new byte[0], new byte[0]);
    reads(new byte[0], bytes(10));
  }

  @Test
  void moreThanTheLimitIsAnError() throws IOException {
    reads(bytes(LIMIT), new byte[0]);
    byte[] body = bytes(LIMIT + 1);
    for (byte[] previous : new byte[][] {new byte[0], Arrays.copyOf(body, LIMIT), bytes(10)}) {
      Body before = of(previous);
      assertThatThrownBy(() -> read(body, before))
          .isInstanceOf(IOException.class)
          .hasMessage("more than 1000000 bytes");
    }
  }
}
