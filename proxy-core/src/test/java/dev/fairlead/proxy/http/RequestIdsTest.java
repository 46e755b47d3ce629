package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

  @Test
  void eachIsAValidParentWithItsHalfAsItsParentId() {
    String text = next(RequestIds.random());

    assertThat(text).matches("00-[0-9a-f]{16}([0-9a-f]{16})-\\1-00");
    assertThat(TraceContext.clean(new Headers().add("traceparent", text))).isZero();
  }

  @Test
  void noTwoAreEqualWhateverThreadsMakeThem() throws Exception {
    RequestIds ids = RequestIds.random();
    Set<String> made = ConcurrentHashMap.newKeySet();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 10_000; n++) {
                      made.add(next(ids));
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(made).hasSize(40_000);
  }

  @Test
  void aProcessHasAnotherKeyThanTheNext() {
    assertThat(next(RequestIds.random())).isNotEqualTo(next(RequestIds.random()));
  }

  /** Every digit comes everywhere, as often as the others. */
  @Test
  void theyLookLikeChance() {
    RequestIds ids = new RequestIds(1, 2);
    int[][] counts = new int[32][16];
    for (int n = 0; n < 16_000; n++) {
      String id = next(ids).substring(3, 35);
      for (int i = 0; i < 32; i++) {
        counts[i][Character.digit(id.charAt(i), 16)]++;
      }
    }
    for (int[] place : counts) {
      assertThat(Arrays.stream(place).boxed()).allMatch(count -> count > 800 && count < 1200);
    }
  }

  private static String next(RequestIds ids) {
    return new String(ids.next(), StandardCharsets.US_ASCII);
  }
}
