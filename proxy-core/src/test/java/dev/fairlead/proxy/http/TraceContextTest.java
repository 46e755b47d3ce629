package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context: what is valid is passed on as it came, and nothing else is. */
class TraceContextTest {

  private static final String PARENT = "00-12345678901234567890123456789012-1234567890123456-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        PARENT,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff",
        "00-00000000000000000000000000000001-0000000000000001-01",
        // later versions begin like this one
        "cc-12345678901234567890123456789012-1234567890123456-01",
        "01-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
        "fe-12345678901234567890123456789012-1234567890123456-01-"
      })
  void aValidParentIsPassedOn(String parent) {
    assertThat(cleaned("traceparent", parent)).containsExactly("traceparent: " + parent);
    assertThat(cleaned("TRACEparent", parent, "Tracestate", "a=1"))
        .containsExactly("TRACEparent: " + parent, "Tracestate: a=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-12345678901234567890123456789012-1234567890123456-01.",
        "00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
        "cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-be-like",
        "cc-12345678901234567890123456789012-1234567890123456-0",
        "ff-12345678901234567890123456789012-1234567890123456-01",
        ".0-12345678901234567890123456789012-1234567890123456-01",
        "0.-12345678901234567890123456789012-1234567890123456-01",
        "000-12345678901234567890123456789012-1234567890123456-01",
        "0-12345678901234567890123456789012-1234567890123456-01",
        "00-00000000000000000000000000000000-1234567890123456-01",
        "00-.2345678901234567890123456789012-1234567890123456-01",
        "00-1234567890123456789012345678901.-1234567890123456-01",
        "00-123456789012345678901234567890123-1234567890123456-01",
        "00-1234567890123456789012345678901-1234567890123456-01",
        "00-1234567890123456789012345678901A-1234567890123456-01",
        "00-12345678901234567890123456789012-0000000000000000-01",
        "00-12345678901234567890123456789012-.234567890123456-01",
        "00-12345678901234567890123456789012-12345678901234567-01",
        "00-12345678901234567890123456789012-123456789012345-01",
        "00-12345678901234567890123456789012-1234567890123456-.0",
        "00-12345678901234567890123456789012-1234567890123456-0.",
        "00-12345678901234567890123456789012-1234567890123456-001",
        "00-12345678901234567890123456789012-1234567890123456-1",
        "00_12345678901234567890123456789012_1234567890123456_01",
        "00-12345678901234567890123456789012-1234567890123456-01, 00-1-1-1"
      })
  void anInvalidParentIsRemovedWithItsState(String parent) {
    assertThat(cleaned("traceparent", parent, "tracestate", "a=1", "Accept", "x"))
        .containsExactly("Accept: x");
  }

  @Test
  void twoParentsAreNone() {
    assertThat(cleaned("traceparent", PARENT, "Traceparent", PARENT, "tracestate", "a=1"))
        .isEmpty();
  }

  @Test
  void aStateWithoutAParentIsRemoved() {
    assertThat(cleaned("tracestate", "a=1", "trace-parent", PARENT))
        .containsExactly("trace-parent: " + PARENT);
  }

  static List<String> validStates() {
    List<String> states =
        new ArrayList<>(
            List.of(
                "",
                " ",
                "foo=1",
                "foo=1,bar=2",
                "foo=1,",
                ",,foo=1, ,",
                "foo=1 \t , \t bar=2, \t baz=3",
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                "abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z0-9_-*/="
                    + " !\"#$%&'()*+-./0:;<>?@AZ[\\]^_`az{|}~",
                "fw529a3039@dt=FfK;1@x",
                "1a-2f@foo=bar1",
                "foo@=1"));
    states.add("t".repeat(256) + "=1");
    states.add("foo=" + "1".repeat(256));
    states.add(members(32));
    states.add("a=" + "b".repeat(254) + ",c=" + "d".repeat(253));
    return states;
  }

  @ParameterizedTest
  @MethodSource("validStates")
  void aValidStateIsPassedOn(String state) {
    assertThat(cleaned("traceparent", PARENT, "tracestate", state))
        .containsExactly("traceparent: " + PARENT, "tracestate: " + state);
  }

  static List<String> invalidStates() {
    List<String> states =
        new ArrayList<>(
            List.of(
                "foo",
                "=1",
                "foo=",
                "foo=1=2",
                "foo =1",
                "FOO=1",
                "foo.bar=1",
                "@foo=1,bar=2",
                "foo=1,foo=1",
                "foo=1,bar=2,foo=3",
                "foo=b\u00e4r",
                "foo=b\tr",
                "foo=1;bar,baz"));
    states.add("t".repeat(257) + "=1");
    states.add("foo=" + "1".repeat(257));
    states.add(members(33));
    states.add("a=" + "b".repeat(254) + ",c=" + "d".repeat(254));
    return states;
  }

  @ParameterizedTest
  @MethodSource("invalidStates")
  void anInvalidStateIsRemovedAlone(String state) {
    assertThat(cleaned("traceparent", PARENT, "tracestate", state))
        .containsExactly("traceparent: " + PARENT);
    assertThat(cleaned("tracestate", state, "Accept", "x", "traceparent", PARENT))
        .containsExactly("Accept: x", "traceparent: " + PARENT);
  }

  @Test
  void severalStatesAreOneList() {
    assertThat(cleaned("traceparent", PARENT, "tracestate", "a=1,b=2", "tracestate", "c=3"))
        .hasSize(3);
    assertThat(cleaned("traceparent", PARENT, "tracestate", "a=1", "tracestate", "a=1"))
        .containsExactly("traceparent: " + PARENT);
    String half = "a=" + "b".repeat(254);
    assertThat(cleaned("traceparent", PARENT, "tracestate", half, "tracestate", "c" + half))
        .containsExactly("traceparent: " + PARENT);
    assertThat(cleaned("traceparent", PARENT, "tracestate", members(32), "tracestate", "x=1"))
        .containsExactly("traceparent: " + PARENT);
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "bar" + i + "=" + i)
        .collect(Collectors.joining(","));
  }

  /** What is left, which the parent's place must agree with. */
  private static List<String> cleaned(String... fields) {
    Headers headers = Told.headers(fields);
    int parent = TraceContext.clean(headers);
    assertThat(parent >= 0).isEqualTo(headers.contains("traceparent"));
    assertThat(parent < 0 || headers.name(parent).equalsIgnoreCase("traceparent")).isTrue();
    return Told.lines(headers);
  }
}
