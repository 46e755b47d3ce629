package dev.fairlead.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {

  @ParameterizedTest
  @CsvSource({
    "100ms, PT0.1S, 100ms",
    "5s, PT5S, 5s",
    "060s, PT1M, 1m",
    "2m, PT2M, 2m",
    "24h, PT24H, 24h",
    "0s, PT0S, 0s",
    "90s, PT1M30S, 90s",
    "1500ms, PT1.5S, 1500ms"
  })
  void readsDurations(String text, Duration duration, String shown) {
    assertThat(Durations.parse(text)).contains(duration);
    assertThat(Durations.format(duration)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "5 s", "-5s", "1.5s", "5S", "PT5S", "1m30s", "5d", "9999999999s"})
  void refusesOtherDurations(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @Test
  void readsDurationsOfARangeOnly() {
    ValueType<Duration> poll = SettingOptions.DOCKER_POLL.type();

    assertThat(poll.read("100ms")).isEqualTo(new Reading.Read<>(Duration.ofMillis(100)));
    assertThat(poll.read("1s"))
        .isEqualTo(new Reading.Refused<>("1s", "a duration from 100ms to 500ms, in ms, s, m or h"));
    assertThat(poll.read("99ms")).isInstanceOf(Reading.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0B, 0, 0B",
    "240B, 240, 240B",
    "8KiB, 8192, 8KiB",
    "8192B, 8192, 8KiB",
    "010MB, 10000000, 10MB",
    "1024MiB, 1073741824, 1GiB",
    "1500KB, 1500000, 1500KB",
    "999999999GiB, 1073741822926258176, 999999999GiB"
  })
  void readsSizes(String text, long bytes, String shown) {
    assertThat(Sizes.parse(text)).contains(bytes);
    assertThat(Sizes.format(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "B",
        "10 MB",
        "-1B",
        "1.5MB",
        "10mb",
        "10M",
        "10Mib",
        "1TB",
        "1234567890B"
      })
  void refusesOtherSizes(String text) {
    assertThat(Sizes.parse(text)).isEmpty();
  }

  @Test
  void readsSizesAndCountsOfARangeOnly() {
    ValueType<Long> bytes = SettingOptions.LIMITS_HEADER_BYTES.type();
    assertThat(bytes.read("1KiB")).isEqualTo(new Reading.Read<>(1024L));
    assertThat(bytes.read("128KiB")).isEqualTo(new Reading.Read<>(131_072L));
    assertThat(bytes.read("1000B")).isInstanceOf(Reading.Refused.class);
    assertThat(bytes.read("1MB"))
        .isEqualTo(
            new Reading.Refused<>(
                "1MB", "a size from 1KiB to 128KiB, in B, KB, KiB, MB, MiB, GB or GiB"));

    ValueType<Integer> count = SettingOptions.LIMITS_STREAMS.type();
    assertThat(count.read("1")).isEqualTo(new Reading.Read<>(1));
    assertThat(count.read("1000")).isEqualTo(new Reading.Read<>(1000));
    assertThat(count.read("0")).isEqualTo(new Reading.Refused<>("0", "a number from 1 to 1000"));
    assertThat(count.read("1001")).isInstanceOf(Reading.Refused.class);
    assertThat(count.read("1e3")).isInstanceOf(Reading.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"me@example.com", "first.last+tag@sub.example.com"})
  void readsOneMailAddress(String text) {
    assertThat(AcmeOptions.EMAIL.type().read(text)).isEqualTo(new Reading.Read<>(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me",
        "@example.com",
        "me@",
        "a@b@c",
        "a b@c",
        "a@b,c@d",
        "mailto:a@b?cc=c@d",
        "Me <me@example.com>"
      })
  void refusesWhatIsNotOneMailAddress(String text) {
    assertThat(AcmeOptions.EMAIL.type().read(text)).isInstanceOf(Reading.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "letsencrypt, https://acme-v02.api.letsencrypt.org/directory",
    "letsencrypt-staging, https://acme-staging-v02.api.letsencrypt.org/directory",
    "https://pebble:14000/dir, https://pebble:14000/dir",
  })
  void readsDirectories(String text, URI directory) {
    assertThat(AcmeOptions.DIRECTORY.type().read(text)).isEqualTo(new Reading.Read<>(directory));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://pebble/dir",
        "letsencrpyt",
        "https:///dir",
        "https://",
        "https://a b/",
        "https://a:99999/",
        "acme://pebble"
      })
  void refusesOtherDirectories(String text) {
    assertThat(AcmeOptions.DIRECTORY.type().read(text))
        .isEqualTo(
            new Reading.Refused<>(text, "letsencrypt, letsencrypt-staging or an https:// address"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"unix:///var/run/docker.sock", "tcp://socket-proxy:2375", "tcp://[::1]:2375"})
  void readsEndpointsOfDocker(String text) {
    assertThat(SettingOptions.DOCKER_ENDPOINT.type().read(text))
        .isEqualTo(new Reading.Read<>(URI.create(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/run/docker.sock", "unix://", "unix:///", "unix://var/run/docker.sock", "tcp://host",
        "tcp://host:0", "tcp://host:70000", "tcp://host:2375/x", "http://host:2375",
            "tcp:host:2375",
        "unix:docker.sock"
      })
  void refusesOtherEndpointsOfDocker(String text) {
    assertThat(SettingOptions.DOCKER_ENDPOINT.type().read(text))
        .isEqualTo(new Reading.Refused<>(text, "unix:///path/of/docker.sock or tcp://host:port"));
  }

  @Test
  void showsNoPasswordOfAnAddress() {
    assertThat(SettingOptions.DOCKER_ENDPOINT.type().read("tcp://me:pass@word@host:2375"))
        .hasToString(
            "Refused[text=tcp://***@host:2375, expected=unix:///path/of/docker.sock or"
                + " tcp://host:port]");
    assertThat(SettingOptions.DOCKER_ENDPOINT.type().read("tcp://me:pass/word@host:2375"))
        .asString()
        .contains("tcp://***@host:2375");
    assertThat(AcmeOptions.DIRECTORY.type().read("https://me:password@host/dir"))
        .asString()
        .contains("https://***@host/dir");
  }

  private static final String HOSTS =
      "a host name such as shop.example.com or *.example.com, or an IP address";

  @Test
  void readsListsWithCommasAndEachValueOnce() {
    assertThat(ServiceOptions.HOST.type().read("b.c, a.b ,B.c").toString())
        .isEqualTo("Read[value=[b.c, a.b]]");
    assertThat(ServiceOptions.HOST.type().read("a.b,,c.d"))
        .isEqualTo(new Reading.Refused<>("", HOSTS));
    assertThat(ServiceOptions.HOST.type().read("a.b, c_d!, e.f"))
        .isEqualTo(new Reading.Refused<>("c_d!", HOSTS));
  }

  @Test
  void readsListsOfBoundedLength() {
    String hosts = names(100);

    assertThat(ServiceOptions.HOST.type().read(hosts)).isInstanceOf(Reading.Read.class);
    assertThat(ServiceOptions.HOST.type().read(hosts + ",x"))
        .isEqualTo(new Reading.Refused<>("101 values", "at most 100"));
  }

  @Test
  void readsTheWordThatOldEnginesMakeOfOff() {
    assertThat(ServiceOptions.TLS.type().read("off")).isEqualTo(new Reading.Read<>(TlsMode.OFF));
    assertThat(ServiceOptions.TLS.type().read("false")).isEqualTo(new Reading.Read<>(TlsMode.OFF));
    assertThat(ServiceOptions.TLS.type().read("none"))
        .isEqualTo(new Reading.Refused<>("none", "acme or local or off"));
  }

  @ParameterizedTest
  @CsvSource({"true, Read[value=true]", "false, Read[value=false]"})
  void readsSwitches(String text, String reading) {
    assertThat(Types.SWITCH.read(text)).hasToString(reading);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no", "on", "1", "True", "TRUE"})
  void refusesOtherSwitches(String text) {
    assertThat(Types.SWITCH.read(text)).isEqualTo(new Reading.Refused<>(text, "true or false"));
  }

  private static String names(int count) {
    List<String> names = IntStream.range(0, count).mapToObj(i -> "h" + i + ".example").toList();
    return names.stream().collect(Collectors.joining(","));
  }
}
