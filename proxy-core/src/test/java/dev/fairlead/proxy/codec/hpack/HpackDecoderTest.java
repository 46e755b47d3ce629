package dev.fairlead.proxy.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpackDecoderTest {

  private final HpackDecoder decoder = new HpackDecoder(4096);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // An index of no entry.
    "indexed 0, 80",
    "indexed beyond an empty table, be",
    "name beyond an empty table, 7e 01 61",
    "name far beyond, 7f ff ff ff ff 07 01 61",
    // An integer that is no good.
    "integer without an end, ff ff",
    "integer above 2^31-1, ff 80 ff ff ff 07",
    "integer above 2^32, ff ff ff ff ff 7f",
    "integer of six bytes, ff 80 80 80 80 80 00",
    "integer of very many bytes, ff 80 80 80 80 80 80 80 80 80 80 80 80 80 00",
    // A string that is no good.
    "no name, 40",
    "no value, 40 01 61",
    "name cut off, 40 02 61",
    "value cut off, 40 01 61 02 62",
    "length of 2^31-1, 40 01 61 7f 80 ff ff ff 07",
    "no length behind its prefix, 40 01 61 7f",
    // Huffman code that is no good (RFC 7541 §5.2).
    "padding of zeros, 00 01 61 81 18",
    "padding of eight bits, 00 01 61 82 1f ff",
    "padding only, 00 01 61 81 ff",
    "padding of 24 bits, 00 01 61 84 1f ff ff ff",
    "end of string, 00 01 61 84 ff ff ff ff",
    "end of string behind text, 00 01 61 85 1f ff ff ff ff",
    "long code cut off, 00 01 61 82 ff fe",
    "in the name, 00 81 18 01 61",
    // A table size that is no good (§4.2).
    "size above what was announced, 3f e2 1f",
    "size behind a field, 82 20",
    "size cut off, 3f"
  })
  void refusesWhatIsMalformed(String what, String block) {
    assertThatExceptionOfType(HpackException.class)
        .as(what)
        .isThrownBy(() -> Blocks.decode(decoder, block))
        .withNoCause()
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void takesWhatIsAtTheLimits() throws HpackException {
    assertThat(Blocks.decode(decoder, "3f e1 1f 82")).containsExactly(":method: GET");
    assertThat(Blocks.decode(decoder, "20 3f e1 1f")).isEmpty();
    assertThat(Blocks.decode(decoder, "")).isEmpty();
    assertThat(Blocks.decode(decoder, "00 00 00")).containsExactly(": ");
    assertThat(Blocks.decode(decoder, "00 80 80")).containsExactly(": ");
    // Five bytes of an integer, the last of them needless.
    assertThat(Blocks.decode(decoder, "00 01 61 7f 80 80 80 80 00" + "62".repeat(127)))
        .containsExactly("a: " + "b".repeat(127));
    // A whole byte of Huffman code needs no padding.
    assertThat(Blocks.decode(decoder, "00 01 61 81 f8")).containsExactly("a: &");
  }

  @Test
  void numbersTheNewestEntryFirst() throws HpackException {
    Blocks.decode(decoder, "40 01 61 01 31  40 01 62 01 32");

    assertThat(Blocks.decode(decoder, "be bf")).containsExactly("b: 2", "a: 1");
    assertThat(Blocks.decode(decoder, "7f 00 01 33  be bf c0"))
        .containsExactly("a: 3", "a: 3", "b: 2", "a: 1");
  }

  @Test
  void keepsNothingOfWhatIsSentWithoutIndexing() {
    assertThatExceptionOfType(HpackException.class)
        .isThrownBy(() -> Blocks.decode(decoder, "00 01 61 01 31  10 01 62 01 32  be"));
  }

  @Test
  void evictsTheOldestWhenTheTableIsFull() throws HpackException {
    HpackDecoder small = new HpackDecoder(2 * 34);
    Blocks.decode(small, "40 01 61 01 31  40 01 62 01 32  40 01 63 01 33");

    assertThat(Blocks.decode(small, "be bf")).containsExactly("c: 3", "b: 2");
    assertThatExceptionOfType(HpackException.class).isThrownBy(() -> Blocks.decode(small, "c0"));
  }

  @Test
  void anEntryThatIsTooLargeEmptiesTheTable() throws HpackException {
    HpackDecoder small = new HpackDecoder(34);
    Blocks.decode(small, "40 01 61 01 31");

    assertThat(Blocks.decode(small, "40 01 62 02 32 32")).containsExactly("b: 22");
    assertThatExceptionOfType(HpackException.class).isThrownBy(() -> Blocks.decode(small, "be"));
  }

  @Test
  void anEntryMayEvictTheOneItTakesItsNameFrom() throws HpackException {
    HpackDecoder small = new HpackDecoder(34);
    Blocks.decode(small, "40 01 61 01 31");

    assertThat(Blocks.decode(small, "7e 01 32  be")).containsExactly("a: 2", "a: 2");
  }

  @Test
  void aSmallerTableLosesItsOldestAndALargerOneGetsNothingBack() throws HpackException {
    Blocks.decode(decoder, "40 01 61 01 31  40 01 62 01 32");

    assertThat(Blocks.decode(decoder, "3f 03 3f e1 1f be")).containsExactly("b: 2");
    assertThatExceptionOfType(HpackException.class).isThrownBy(() -> Blocks.decode(decoder, "bf"));
  }

  @Test
  void worksWithoutATable() throws HpackException {
    HpackDecoder without = new HpackDecoder(0);

    assertThat(Blocks.decode(without, "40 01 61 01 31  82"))
        .containsExactly("a: 1", ":method: GET");
    assertThatExceptionOfType(HpackException.class).isThrownBy(() -> Blocks.decode(without, "be"));
  }

  @Test
  void theRingOfEntriesTurnsForEver() throws HpackException {
    HpackDecoder small = new HpackDecoder(5 * 34);
    for (int i = 0; i < 1000; i++) {
      String digit = "%02x".formatted('0' + i % 10);
      Blocks.decode(small, "40 01 61 01" + digit);

      assertThat(Blocks.decode(small, "be")).containsExactly("a: " + i % 10);
      if (i >= 4) {
        assertThat(Blocks.decode(small, "c2")).containsExactly("a: " + (i - 4) % 10);
      }
    }
  }

  @Test
  void aBlockThatNamesALargeEntryAgainAndAgainTakesNoMemory() throws HpackException {
    byte[] value = "v".repeat(4000).getBytes(StandardCharsets.US_ASCII);
    byte[] entry = new byte[6 + value.length];
    System.arraycopy(Blocks.hex("40 01 61 7f a1 1e"), 0, entry, 0, 6);
    System.arraycopy(value, 0, entry, 6, value.length);
    byte[] bomb = new byte[60_000];
    Arrays.fill(bomb, (byte) 0xbe);
    AtomicLong bytes = new AtomicLong();
    FieldSink sink = (n, nameAt, nameLength, v, valueAt, length) -> bytes.addAndGet(length);
    decoder.decode(entry, 0, entry.length, sink);
    decoder.decode(bomb, 0, 1, sink);
    bytes.set(0);

    long before = allocatedBytes();
    decoder.decode(bomb, 0, bomb.length, sink);

    assertThat(allocatedBytes() - before).isLessThan(10_000);
    assertThat(bytes).hasValue(4000L * bomb.length);
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
