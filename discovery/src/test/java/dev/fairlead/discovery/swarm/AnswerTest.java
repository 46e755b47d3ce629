package dev.fairlead.discovery.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers that mostly are the same as before. */
class AnswerTest {

  private static final int LIMIT = 1_000_000;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Answer<byte[]> answer(byte[] bytes) throws IOException {
    return Answer.read(new Slow(bytes), LIMIT, json -> List.of(json.readAllBytes()));
  }

  private static boolean isSame(byte[] bytes, Answer<?> previous) throws IOException {
    return previous.isSame(new Slow(bytes), LIMIT);
  }

  @Test
  void theReaderGetsAllBytes() throws IOException {
    assertThat(answer(bytes(200_000)).list()).containsExactly(bytes(200_000));
  }

  @Test
  void theSameBytesAreTheSame() throws IOException {
    for (int length : new int[] {1, 65_535, 65_536, 65_537, 131_072, 200_000}) {
      assertThat(isSame(bytes(length), answer(bytes(length)))).isTrue();
    }
  }

  @Test
  void anyDifferenceIsSeen() throws IOException {
    Answer<byte[]> before = answer(bytes(200_000));
    for (int at : new int[] {0, 65_535, 65_536, 131_071, 199_999}) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes(200_000);
        changed[at] ^= (byte) (1 << bit);
        assertThat(isSame(changed, before)).isFalse();
      }
    }
    byte[] swapped = bytes(200_000);
    swapped[100] = bytes(200_000)[101];
    swapped[101] = bytes(200_000)[100];
    assertThat(isSame(swapped, before)).isFalse();
  }

  @Test
  void anotherLengthIsADifference() throws IOException {
    for (int length : new int[] {1, 65_536, 131_071, 131_073, 400_000}) {
      assertThat(isSame(new byte[length], answer(new byte[131_072]))).isFalse();
    }
  }

  @Test
  void nothingIsNeverTheSame() throws IOException {
    assertThat(isSame(new byte[0], answer(new byte[0]))).isFalse();
    assertThat(isSame(new byte[0], answer(bytes(10)))).isFalse();
    assertThat(isSame(bytes(10), Answer.none())).isFalse();
    assertThat(Answer.none().isNone()).isTrue();
    assertThat(answer(bytes(10)).isNone()).isFalse();
  }

  @Test
  void whatTheReaderLeavesBelongsToIt() throws IOException {
    Answer<Integer> halfRead =
        Answer.read(new Slow(bytes(1000)), LIMIT, json -> List.of(json.read(), json.read()));
    assertThat(halfRead.list()).containsExactly(bytes(1000)[0] & 0xff, bytes(1000)[1] & 0xff);
    assertThat(isSame(bytes(1000), halfRead)).isTrue();
    assertThat(isSame(Arrays.copyOf(bytes(1000), 999), halfRead)).isFalse();
  }

  @Test
  void moreThanTheLimitIsAnError() throws IOException {
    assertThat(answer(bytes(LIMIT)).list()).hasSize(1);
    Answer<byte[]> before = answer(bytes(10));
    assertThatThrownBy(() -> answer(bytes(LIMIT + 1)))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("more than 1000000 bytes");
    assertThatThrownBy(() -> isSame(bytes(LIMIT + 1), before))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("more than 1000000 bytes");
  }

  @Test
  void whatIsWrongWithTheTextIsNotTakenForABrokenConnection() {
    assertThatThrownBy(() -> readBy(new IOException("no list")))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasRootCauseMessage("no list");
    assertThatThrownBy(() -> readBy(new IllegalStateException("a defect")))
        .isInstanceOf(ReaderDefectException.class)
        .hasRootCauseMessage("a defect");
    assertThatThrownBy(() -> Answer.read(new Broken(), LIMIT, json -> List.of(json.read())))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("broke off");
  }

  /** By a reader that fails. */
  private static void readBy(Exception failure) throws IOException {
    Answer.read(
        new Slow(bytes(10)),
        LIMIT,
        json -> {
          if (failure instanceof IOException e) {
            throw e;
          }
          throw (RuntimeException) failure;
        });
  }

  /** Gives a little at a time. */
  private static final class Slow extends ByteArrayInputStream {
    Slow(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] buffer, int offset, int most) {
      return super.read(buffer, offset, Math.min(most, 10_007));
    }
  }

  private static final class Broken extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("broke off");
    }

    @Override
    public int read(byte[] buffer, int offset, int most) throws IOException {
      throw new IOException("broke off");
    }
  }
}
