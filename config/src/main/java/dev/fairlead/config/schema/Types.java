package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.ServerAddress;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HashKey;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpAddress;
import dev.fairlead.config.routing.IpNetwork;
import dev.fairlead.config.routing.MinimumRate;
import dev.fairlead.config.routing.NamePattern;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.StatusRanges;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The kinds of values that the catalogue knows. Long, as it is a table: a reader for each kind. */
final class Types {

  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#\"<>\\\\^`{|}]]{0,1023}");
  private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern STATUS = Pattern.compile("[45][0-9]{2}");
  private static final Pattern COUNTED = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
  private static final Pattern EMAIL =
      Pattern.compile("[!-~&&[^@,?<>]]{1,64}@[A-Za-z0-9.-]{1,190}");
  private static final Pattern VISIBLE = Pattern.compile("[!-~]{8,512}");
  private static final Pattern WORDS = Pattern.compile("[!-~]([ -~]{0,198}[!-~])?");
  private static final Pattern KEY_NAME =
      Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,9}\\.?");
  private static final int DNS_PORT = 53;
  private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}]{1,1024}");
  private static final Pattern ANY_VISIBLE = Pattern.compile("[!-~]{1,1024}");
  private static final String ENDPOINT =
      "an IP address with a port such as 10.0.0.5:8080, or 10.0.0.5:8080 weight=3";

  static final ValueType<Boolean> SWITCH =
      ValueType.of(
          "switch",
          "true or false",
          text ->
              switch (text) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
              });

  static final ValueType<Integer> PORT_NUMBER =
      ValueType.of("port", "a port from 1 to 65535", Types::port);

  static final ValueType<Integer> COUNT = count(1, 1_000_000);

  static final ValueType<Duration> TIMEOUT = duration(Duration.ofMillis(1), Duration.ofHours(24));

  static final ValueType<MinimumRate> MINIMUM_RATE = size(0, 8192, MinimumRate::new);

  static final ValueType<HostPattern> HOST =
      ValueType.of(
          "host",
          "a host name such as shop.example.com or *.example.com, or an IP address",
          HostPattern::parse);

  static final ValueType<List<HostPattern>> HOSTS = HOST.list("hosts", 100);

  static final ValueType<List<NamePattern>> NAME_PATTERNS =
      ValueType.of(
              "name", "a name such as shop.example.com or shop-*.example.com", NamePattern::parse)
          .list("names", 100);

  /** An address that a query is added to. */
  static final ValueType<URI> QUESTION =
      ValueType.<URI>of(
              "address",
              "an http:// or https:// address without a password, such as http://shop:8080/allowed",
              text -> uri(text).filter(uri -> isServer(uri, "http") || isServer(uri, "https")))
          .shown(Types::withoutPassword);

  static final ValueType<String> DOMAIN =
      ValueType.of(
          "domain",
          "a domain name such as example.com",
          text -> oneHost(text).filter(host -> !host.isAddress()).map(HostPattern::suffix));

  /** What a certificate names; of tasks it may be an address. */
  static final ValueType<String> CERTIFIED_NAME =
      ValueType.of(
          "name",
          "a name such as app.internal, or an IP address",
          text -> oneHost(text).map(HostPattern::suffix));

  static final ValueType<HostPattern> IP_ADDRESS =
      ValueType.of(
          "address",
          "an IP address such as 203.0.113.5 or 2001:db8::1",
          text -> oneHost(text).filter(HostPattern::isAddress));

  static final ValueType<PathPrefix> PATH_PREFIX =
      ValueType.of("path", "a path such as /api, without . .. % or //", PathPrefix::parse);

  static final ValueType<String> NETWORK =
      ValueType.of("name", "the name of a network such as reverse-proxy", Types::name);

  static final ValueType<List<String>> NETWORKS = NETWORK.list("names", 100);

  static final ValueType<List<EndpointSpec>> ENDPOINTS =
      ValueType.<EndpointSpec>of("address", ENDPOINT, EndpointSpec::parse).list("addresses", 1000);

  static final ValueType<HashKey> HASH_KEY =
      ValueType.of("key", "client, header:<name> or cookie:<name>", HashKey::parse);

  static final ValueType<List<IpNetwork>> IP_NETWORKS =
      ValueType.<IpNetwork>of(
              "network", "an IP network such as 10.0.0.0/8 or fd00::/8", IpNetwork::parse)
          .list("networks", 100);

  static final ValueType<List<InetAddress>> IP_ADDRESSES =
      ValueType.<InetAddress>of(
              "address",
              "an IP address such as 203.0.113.5 or 2001:db8::5",
              text -> IpAddress.normal(text).map(InetAddress::ofLiteral))
          .list("addresses", 100);

  static final ValueType<ListenAddress> LISTEN_ADDRESS =
      ValueType.of(
          "address",
          "an address to listen on such as :443, 127.0.0.1:443 or [::1]:443",
          ListenAddress::parse);

  static final ValueType<Path> FILE_PATH = ValueType.of("file", "a path of a file", Types::path);

  static final ValueType<Path> DIRECTORY_PATH =
      ValueType.of("directory", "a path of a directory", Types::path);

  static final ValueType<String> EMAIL_ADDRESS =
      ValueType.of(
          "e-mail address",
          "one e-mail address such as me@example.com",
          text -> Optional.of(text).filter(mail -> EMAIL.matcher(mail).matches()));

  static final ValueType<List<String>> EMAIL_ADDRESSES = EMAIL_ADDRESS.list("e-mail addresses", 20);

  static final ValueType<String> SERVER =
      ValueType.of(
          "host",
          "the name of a server such as mail.example.com",
          text -> oneHost(text).map(HostPattern::suffix));

  static final ValueType<URI> WEBHOOK =
      ValueType.<URI>of(
              "address",
              "an https:// or http:// address without a password",
              text -> uri(text).filter(uri -> isServer(uri, "https") || isServer(uri, "http")))
          .shown(_ -> "***");

  static final ValueType<String> LINE =
      ValueType.of(
          "text",
          "a line of text",
          text -> Optional.of(text).filter(line -> ONE_LINE.matcher(line).matches()));

  static final ValueType<String> BEARER =
      ValueType.of(
          "text",
          "letters, digits and signs without blanks",
          text -> Optional.of(text).filter(token -> ANY_VISIBLE.matcher(token).matches()));

  static final ValueType<URI> DOCKER_ENDPOINT =
      ValueType.<URI>of(
              "address",
              "unix:///path/of/docker.sock or tcp://host:port",
              text -> uri(text).filter(Types::isDockerEndpoint))
          .shown(Types::withoutPassword);

  static final ValueType<String> PEM_CERTIFICATES =
      ValueType.of("PEM", PemCertificates.EXPECTED, PemCertificates::normal);

  static final ValueType<Set<Integer>> STATUSES =
      ValueType.<Integer>of(
              "status",
              "a status from 400 to 599 such as 503",
              text ->
                  Optional.of(text)
                      .filter(digits -> STATUS.matcher(digits).matches())
                      .map(Integer::parseInt))
          .set("statuses", 100);

  static final ValueType<StatusRanges> STATUS_RANGES =
      ValueType.of("statuses", "statuses such as 200 or 200-399", StatusRanges::parse);

  static final ValueType<String> REQUEST_TARGET =
      ValueType.of(
          "path",
          "a path such as /healthz, with a query if any",
          text -> Optional.of(text).filter(path -> TARGET.matcher(path).matches()));

  static final ValueType<String> SECRET =
      ValueType.of(
          "text",
          "a secret of 16 characters or more",
          text -> Optional.of(text).filter(secret -> secret.length() >= 16));

  /** What goes into a header field as it is. */
  static final ValueType<String> CREDENTIAL =
      ValueType.of(
          "text",
          "8 to 512 visible ASCII characters",
          text -> Optional.of(text).filter(secret -> VISIBLE.matcher(secret).matches()));

  static final ValueType<String> BASE64_SECRET =
      ValueType.of(
          "base64",
          "a secret of 16 bytes or more in base64, as the key's file has it",
          Types::base64);

  /** As authorities give it, with or without padding; RFC 7518 §3.2 asks for 32 bytes. */
  static final ValueType<String> BASE64URL_SECRET =
      ValueType.of(
          "base64url",
          "a key of 32 bytes or more in base64url, as the authority gives it",
          Types::base64url);

  static final ValueType<String> LABEL =
      ValueType.of(
          "text",
          "1 to 200 visible ASCII characters, with blanks between them",
          text -> Optional.of(text).filter(words -> WORDS.matcher(words).matches()));

  static final ValueType<String> KEY_NAME_OF_DNS =
      ValueType.of(
          "name",
          "the name of a key such as fairlead",
          text -> Optional.of(text).filter(name -> KEY_NAME.matcher(name).matches()));

  static final ValueType<ServerAddress> DNS_SERVER =
      ValueType.of(
          "address",
          "a DNS server such as 192.0.2.53, ns.example.com:53 or [2001:db8::53]:53",
          text -> ServerAddress.parse(text, DNS_PORT));

  static final ValueType<Path> ABSOLUTE_PATH =
      ValueType.of(
          "file", "an absolute path of a file", text -> path(text).filter(Path::isAbsolute));

  static final ValueType<AcmeLimits> ACME_LIMITS =
      ValueType.of("limits", AcmeLimitsText.EXPECTED, AcmeLimitsText::parse);

  static final ValueType<String> TOKEN =
      ValueType.of(
          "name",
          "a name of letters, digits, - and _, with 64 characters at most",
          text -> Optional.of(text).filter(name -> COOKIE.matcher(name).matches()));

  private Types() {}

  /** An {@code https} address, or one of a few words that stand for one. */
  static ValueType<URI> httpsAddress(Map<String, URI> words) {
    return ValueType.<URI>of(
            "address",
            words.isEmpty()
                ? "an https:// address"
                : "%s or an https:// address"
                    .formatted(String.join(", ", new TreeSet<>(words.keySet()))),
            text ->
                Optional.ofNullable(words.get(text))
                    .or(() -> uri(text).filter(uri -> isServer(uri, "https"))))
        .shown(Types::withoutPassword);
  }

  /** A number with its unit, in whole milliseconds, seconds, minutes or hours. */
  static ValueType<Duration> duration(Duration min, Duration max) {
    String expected =
        "a duration from %s to %s, in ms, s, m or h"
            .formatted(Durations.format(min), Durations.format(max));
    return ValueType.of(
        "duration",
        expected,
        text ->
            Durations.parse(text)
                .filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0));
  }

  /** A number of bytes with its unit. */
  static ValueType<Long> size(long min, long max) {
    return size(min, max, Function.identity());
  }

  private static <T> ValueType<T> size(long min, long max, Function<Long, T> value) {
    return ValueType.of(
        "size",
        "a size from %s to %s, in B, KB, KiB, MB, MiB, GB or GiB"
            .formatted(Sizes.format(min), Sizes.format(max)),
        text -> Sizes.parse(text).filter(bytes -> bytes >= min && bytes <= max).map(value));
  }

  static ValueType<Integer> count(int min, int max) {
    return ValueType.of(
        "number",
        "a number from %d to %d".formatted(min, max),
        text ->
            Optional.of(text)
                .filter(digits -> COUNTED.matcher(digits).matches())
                .map(Integer::parseInt)
                .filter(count -> count >= min && count <= max));
  }

  /** One word for each constant: {@code ROUND_ROBIN} is written {@code round-robin}. */
  static <E extends Enum<E>> ValueType<E> words(Class<E> type) {
    return words(type, Map.of());
  }

  /**
   * One word for each constant.
   *
   * @param synonyms further words that are read, but not shown
   */
  static <E extends Enum<E>> ValueType<E> words(Class<E> type, Map<String, E> synonyms) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      words.put(Spelling.word(constant), constant);
    }
    List<String> shown = List.copyOf(words.keySet());
    words.putAll(synonyms);
    return ValueType.of(
        shown.stream().map(word -> "`" + word + "`").reduce((a, b) -> a + ", " + b).orElseThrow(),
        String.join(" or ", shown),
        text -> Optional.ofNullable(words.get(text)));
  }

  private static Optional<String> base64(String text) {
    try {
      return Optional.of(text).filter(secret -> Base64.getDecoder().decode(secret).length >= 16);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> base64url(String text) {
    String plain = text.replaceFirst("={1,2}$", "");
    try {
      return Optional.of(plain).filter(key -> Base64.getUrlDecoder().decode(key).length >= 32);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<HostPattern> oneHost(String text) {
    return HostPattern.parse(text).filter(host -> !host.wildcard());
  }

  private static Optional<Integer> port(String text) {
    return Optional.of(text)
        .filter(digits -> PORT.matcher(digits).matches())
        .map(Integer::parseInt)
        .filter(port -> port <= 65_535);
  }

  private static Optional<String> name(String text) {
    return Optional.of(text).filter(name -> NAME.matcher(name).matches());
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text)).filter(path -> !text.isEmpty());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String withoutPassword(String address) {
    // Up to the last @: there may be anything in a password that was not encoded.
    return address.replaceFirst("(?s)//.*@", "//***@");
  }

  private static boolean isDockerEndpoint(URI uri) {
    boolean socket =
        "unix".equals(uri.getScheme())
            && uri.getRawAuthority() == null
            && uri.getPath() != null
            && uri.getPath().length() > 1
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    boolean server =
        isServer(uri, "tcp")
            && uri.getPort() > 0
            && uri.getRawPath().isEmpty()
            && uri.getRawQuery() == null;
    return socket || server;
  }

  private static boolean isServer(URI uri, String scheme) {
    return scheme.equals(uri.getScheme())
        && uri.getHost() != null
        && uri.getPort() <= 65_535
        && uri.getRawUserInfo() == null
        && uri.getRawFragment() == null;
  }
}
