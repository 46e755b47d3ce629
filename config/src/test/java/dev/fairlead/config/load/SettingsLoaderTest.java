package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.AlertSettings;
import dev.fairlead.config.bootstrap.DockerSettings;
import dev.fairlead.config.bootstrap.FileSettings;
import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.ListenerSettings;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.config.bootstrap.OnDemandSettings;
import dev.fairlead.config.bootstrap.PreflightSettings;
import dev.fairlead.config.bootstrap.Rate;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.bootstrap.SmtpSettings;
import dev.fairlead.config.bootstrap.StickySettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.bootstrap.WebhookSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpNetwork;
import dev.fairlead.config.routing.MinimumRate;
import dev.fairlead.config.schema.AcmeOptions;
import dev.fairlead.config.schema.FallbackOptions;
import dev.fairlead.config.schema.Noise;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long, as each setting and each kind of mistake is a few lines on the same set-up. */
class SettingsLoaderTest {

  private static final Map<String, String> NONE = Map.of();

  @TempDir private Path directory;

  static Stream<Option<?>> options() {
    return SettingOptions.ALL.options().stream();
  }

  @Test
  void needsNoSettingAtAll() {
    assertThat(settings(SettingsLoader.load(Optional.empty(), NONE, NONE)))
        .isEqualTo(
            new Settings(
                Optional.empty(),
                new ListenerSettings(
                    new ListenAddress(Optional.empty(), 80),
                    new ListenAddress(Optional.empty(), 443),
                    new ListenAddress(Optional.of("127.0.0.1"), 9180),
                    443),
                TrustSettings.NOBODY,
                new AcmeSettings(
                        URI.create("https://acme-v02.api.letsencrypt.org/directory"),
                        Optional.empty(),
                        Optional.empty(),
                        Challenge.HTTP_01)
                    .withPreflight(new PreflightSettings(true, List.of(), Optional.empty())),
                new StorageSettings(Path.of("/var/lib/fairlead"), Duration.ofSeconds(5)),
                new DockerSettings(
                    true,
                    URI.create("unix:///var/run/docker.sock"),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(5),
                    List.of()),
                new FileSettings(Optional.empty(), Duration.ofSeconds(1)),
                new TimeoutSettings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(9)),
                new LimitSettings(
                    10_000, 1000, 32 * 1024, 100, 8192, 128, 10_000, new MinimumRate(240), 5000),
                new LogSettings(LogSettings.Format.AUTO, LogSettings.Level.INFO, true),
                new ForwardedSettings(
                    ForwardedSettings.Header.X_FORWARDED, ForwardedSettings.NewTrace.SAMPLED),
                new StickySettings(Optional.empty()),
                AlertSettings.NOBODY,
                OnDemandSettings.DEFAULT));
  }

  @Test
  void halfOfTheConnectionsMayBeNew() {
    Map<String, String> flags = Map.of("limits.connections", "3001");
    assertThat(settings(SettingsLoader.load(Optional.empty(), NONE, flags)).limits())
        .extracting(LimitSettings::newConnections)
        .isEqualTo(1500);
    Map<String, String> one = Map.of("limits.connections", "1");
    assertThat(settings(SettingsLoader.load(Optional.empty(), NONE, one)).limits())
        .extracting(LimitSettings::newConnections)
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::1", "[2001:DB8:0::1]"})
  void theDefaultAddressIsOneInWhateverForm(String text) {
    Map<String, String> flags = Map.of("listeners.default-address", text);
    assertThat(
            settings(SettingsLoader.load(Optional.empty(), NONE, flags))
                .listeners()
                .defaultAddress())
        .contains(new HostPattern(false, "2001:db8::1"));
  }

  @Test
  void theDefaultAddressIsNoName() {
    Map<String, String> flags = Map.of("listeners.default-address", "shop.example.com");
    assertThat(Shown.problems(SettingsLoader.load(Optional.empty(), NONE, flags)))
        .isEqualTo(
            "--listeners.default-address: shop.example.com (expected: an IP address such as"
                + " 203.0.113.5 or 2001:db8::1)");
  }

  @Test
  void aDomainIsNoAddress() {
    Map<String, String> flags = Map.of("domain", "203.0.113.5");
    assertThat(Shown.problems(SettingsLoader.load(Optional.empty(), NONE, flags)))
        .isEqualTo("--domain: 203.0.113.5 (expected: a domain name such as example.com)");
  }

  @Test
  void aHeaderIsExpectedOfNamedNetworksOnly() {
    Map<String, String> flags = Map.of("trusted.proxy-protocol", "true");
    assertThat(Shown.problems(SettingsLoader.load(Optional.empty(), NONE, flags)))
        .isEqualTo(
            "--trusted.proxy-protocol: true (expected: the networks that such connections come"
                + " from in trusted.networks)");
  }

  @Test
  void aFieldIsBelievedOfNamedNetworksOnly() {
    Map<String, String> flags = Map.of("trusted.header", "forwarded");
    assertThat(Shown.problems(SettingsLoader.load(Optional.empty(), NONE, flags)))
        .isEqualTo(
            "--trusted.header: forwarded (expected: the networks of the proxies that say it in"
                + " trusted.networks)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/var/lib/fairlead", "/var/lib/fairlead/copy", "/var/lib/x/..", "/var/lib"})
  void aCopyIsKeptInAPlaceOfItsOwn(String copy) {
    Map<String, String> flags = Map.of("storage.copy", copy);
    assertThat(Shown.problems(SettingsLoader.load(Optional.empty(), NONE, flags)))
        .isEqualTo(
            "--storage.copy: %s (expected: a directory of its own, neither in storage.path nor around it)"
                .formatted(copy));
    assertThat(
            settings(
                    SettingsLoader.load(
                        Optional.empty(), NONE, Map.of("storage.copy", "/var/lib/fairlead-copy")))
                .storage()
                .copy())
        .contains(Path.of("/var/lib/fairlead-copy"));
  }

  @Test
  void readsEverySettingFromAFile() throws IOException {
    Path file =
        file(
            """
            domain: Example.com
            listeners: {http: ":8080", https: "[::1]:8443", admin: ":0", public-https-port: 443}
            trusted: {networks: [10.0.0.0/8, "fd00::/8"], proxy-protocol: true, header: forwarded}
            forwarded: {header: both, new-trace: off}
            acme:
              directory: letsencrypt-staging
              email: me@example.com
              ca-root: /run/ca.pem
              challenge: tls-alpn-01
              limits: orders=10/1h, validations=3/90s
              on-demand: {names: 50, per-hour: 3}
            storage: {path: /data, timeout: 2s, copy: /copy}
            docker:
              enabled: false
              endpoint: tcp://proxy:2375
              poll: 100ms
              timeout: 1s
              networks: [front, back]
            file: {path: /etc/services.yml, poll: 5s}
            timeouts: {header: 1s, handshake: 2s, connect: 3s, idle: 4m, keep-alive: 5s, drain: 0s}
            limits:
              connections: 5000
              connections-per-client: 50
              header-bytes: 64KiB
              header-count: 200
              uri-length: 4KB
              streams: 64
              requests-per-connection: 1000000
              min-rate: 0B
              new-connections: 100
            sticky: {secret: 0123456789abcdef}
            alerts:
              webhook: {url: "https://hooks.example.com/T0", format: slack, token: t0ken}
              smtp:
                host: Mail.example.com
                port: 2465
                tls: tls
                from: fairlead@example.com
                to: [me@example.com, you@example.com]
                user: fairlead
                password: correct horse
              ca-root: /run/own.pem
            log: {format: json, level: debug, access: false}
            """);

    assertThat(settings(SettingsLoader.load(Optional.of(file), NONE, NONE)))
        .isEqualTo(
            new Settings(
                Optional.of("example.com"),
                new ListenerSettings(
                    new ListenAddress(Optional.empty(), 8080),
                    new ListenAddress(Optional.of("::1"), 8443),
                    new ListenAddress(Optional.empty(), 0),
                    443),
                new TrustSettings(
                    List.of(
                        IpNetwork.parse("10.0.0.0/8").orElseThrow(),
                        IpNetwork.parse("fd00::/8").orElseThrow()),
                    true,
                    TrustSettings.Header.FORWARDED),
                new AcmeSettings(
                        URI.create("https://acme-staging-v02.api.letsencrypt.org/directory"),
                        Optional.of("me@example.com"),
                        Optional.of(Path.of("/run/ca.pem")),
                        Challenge.TLS_ALPN_01)
                    .withLimits(
                        new AcmeLimits(
                            Optional.of(new Rate(10, Duration.ofHours(1))),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(new Rate(3, Duration.ofSeconds(90)))))
                    .withPreflight(new PreflightSettings(true, List.of(), Optional.empty())),
                new StorageSettings(
                    Path.of("/data"), Duration.ofSeconds(2), Optional.of(Path.of("/copy"))),
                new DockerSettings(
                    false,
                    URI.create("tcp://proxy:2375"),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1),
                    List.of("front", "back")),
                new FileSettings(Optional.of(Path.of("/etc/services.yml")), Duration.ofSeconds(5)),
                new TimeoutSettings(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(3),
                    Duration.ofMinutes(4),
                    Duration.ofSeconds(5),
                    Duration.ZERO),
                new LimitSettings(
                    5000, 50, 65_536, 200, 4000, 64, 1_000_000, new MinimumRate(0), 100),
                new LogSettings(LogSettings.Format.JSON, LogSettings.Level.DEBUG, false),
                new ForwardedSettings(
                    ForwardedSettings.Header.BOTH, ForwardedSettings.NewTrace.OFF),
                new StickySettings(Optional.of("0123456789abcdef")),
                new AlertSettings(
                    Optional.of(
                        new WebhookSettings(
                            URI.create("https://hooks.example.com/T0"),
                            WebhookSettings.Format.SLACK,
                            Optional.of("t0ken"))),
                    Optional.of(
                        new SmtpSettings(
                            "mail.example.com",
                            2465,
                            SmtpSettings.Tls.TLS,
                            "fairlead@example.com",
                            List.of("me@example.com", "you@example.com"),
                            Optional.of(new SmtpSettings.Login("fairlead", "correct horse")))),
                    Optional.of(Path.of("/run/own.pem"))),
                new OnDemandSettings(50, 3)));
  }

  @Test
  void takesAFlagBeforeAVariableBeforeTheFileBeforeTheDefault() throws IOException {
    Path file =
        file(
            """
            domain: file.example
            acme: {email: file@example.com}
            log: {level: warn}
            """);

    Settings settings =
        settings(
            SettingsLoader.load(
                Optional.of(file),
                Map.of("FAIRLEAD_DOMAIN", "env.example", "FAIRLEAD_ACME_EMAIL", "env@example.com"),
                Map.of("domain", "flag.example")));

    assertThat(settings.domain()).contains("flag.example");
    assertThat(settings.acme().email()).contains("env@example.com");
    assertThat(settings.log().level()).isEqualTo(LogSettings.Level.WARN);
    assertThat(settings.log().format()).isEqualTo(LogSettings.Format.AUTO);
  }

  @ParameterizedTest
  @MethodSource("options")
  void readsNothingHalf(Option<?> option) throws IOException {
    String wrong = "";
    Path file = file(nested(option.key(), wrong));

    assertThat(paths(SettingsLoader.load(Optional.of(file), NONE, NONE)))
        .containsExactly(option.key());
    assertThat(paths(SettingsLoader.load(Optional.empty(), Map.of(option.variable(), wrong), NONE)))
        .containsExactly(option.variable());
    assertThat(paths(SettingsLoader.load(Optional.empty(), NONE, Map.of(option.key(), wrong))))
        .containsExactly("--" + option.key());
  }

  @ParameterizedTest
  @MethodSource("options")
  void readsTheSameFromEverySource(Option<?> option) throws IOException {
    Map<String, String> more = companions(option);
    Path file = file(nested(option.key(), option.example()));
    Path secret = Files.writeString(directory.resolve("secret"), option.example() + "\n");
    Map<String, String> flags = new HashMap<>(more);
    flags.put(option.key(), option.example());
    Settings expected = settings(SettingsLoader.load(Optional.empty(), NONE, flags));

    assertThat(settings(SettingsLoader.load(Optional.of(file), NONE, more))).isEqualTo(expected);
    assertThat(
            settings(
                SettingsLoader.load(
                    Optional.empty(), Map.of(option.variable(), option.example()), more)))
        .isEqualTo(expected);
    assertThat(
            settings(
                SettingsLoader.load(
                    Optional.empty(),
                    Map.of(option.variable() + "_FILE", secret.toString()),
                    more)))
        .isEqualTo(expected);
  }

  /** Those without which it would be a problem. */
  private static Map<String, String> companions(Option<?> option) {
    Map<String, String> more = new HashMap<>();
    if (option.key().startsWith("alerts.webhook.")) {
      more.put("alerts.webhook.url", "https://hooks.example.com/T0");
    }
    if (option.key().startsWith("alerts.smtp.")) {
      more.put("alerts.smtp.host", "mail.example.com");
      more.put("alerts.smtp.from", "fairlead@example.com");
      more.put("alerts.smtp.to", "me@example.com");
    }
    if (option.key().equals("alerts.smtp.user")) {
      more.put("alerts.smtp.password", "correct horse");
    }
    if (option.key().equals("alerts.smtp.password")) {
      more.put("alerts.smtp.user", "fairlead");
    }
    if (option.key().startsWith("acme.fallback.")) {
      more.put("acme.fallback.directory", FallbackOptions.DIRECTORY.example());
    }
    if (option.key().startsWith("acme.eab.")) {
      more.put("acme.eab.key-id", AcmeOptions.EAB_KEY_ID.example());
      more.put("acme.eab.hmac-key", AcmeOptions.EAB_HMAC_KEY.example());
    }
    if (option.key().startsWith("acme.fallback.eab.")) {
      more.put("acme.fallback.eab.key-id", FallbackOptions.EAB_KEY_ID.example());
      more.put("acme.fallback.eab.hmac-key", FallbackOptions.EAB_HMAC_KEY.example());
    }
    more.remove(option.key());
    return more;
  }

  @Test
  void alertsNeedWhatTheyCannotBeSentWithout() {
    assertThat(problems("alerts.webhook.format", "ntfy"))
        .isEqualTo("--alerts.webhook.format: alone (expected: alerts.webhook.url as well)");
    assertThat(problems("alerts.smtp.to", "me@example.com"))
        .isEqualTo("--alerts.smtp.to: alone (expected: alerts.smtp.host as well)");
    assertThat(problems("alerts.smtp.host", "mail.example.com"))
        .isEqualTo(
            """
            --alerts.smtp.host: alone (expected: alerts.smtp.from as well)
            --alerts.smtp.host: alone (expected: alerts.smtp.to as well)\
            """);
    assertThat(
            problems(
                "acme.email", "me@example.com",
                "alerts.smtp.host", "mail.example.com",
                "alerts.smtp.from", "fairlead@example.com",
                "alerts.smtp.user", "fairlead"))
        .isEqualTo("--alerts.smtp.user: alone (expected: alerts.smtp.password as well)");
  }

  @Test
  void aPasswordIsNeverSentInTheClear() {
    assertThat(
            problems(
                "acme.email", "me@example.com",
                "alerts.smtp.host", "mail.example.com",
                "alerts.smtp.from", "fairlead@example.com",
                "alerts.smtp.user", "fairlead",
                "alerts.smtp.password", "correct horse",
                "alerts.smtp.tls", "none"))
        .isEqualTo("--alerts.smtp.tls: none (expected: starttls or tls, as a password is sent)");
  }

  @Test
  void mailsGoToWhomTheAuthorityMayWriteTo() {
    Map<String, String> flags =
        Map.of(
            "acme.email", "me@example.com",
            "alerts.smtp.host", "mail.example.com",
            "alerts.smtp.from", "fairlead@example.com");
    SmtpSettings smtp =
        settings(SettingsLoader.load(Optional.empty(), NONE, flags)).alerts().smtp().orElseThrow();
    assertThat(smtp.to()).containsExactly("me@example.com");
    assertThat(smtp.port()).isEqualTo(587);
  }

  @Test
  void noSecretOfAlertsIsShown() {
    Map<String, String> flags =
        Map.of(
            "alerts.webhook.url", "https://hooks.example.com/T0/s3cret",
            "alerts.webhook.token", "s3cret",
            "alerts.smtp.host", "mail.example.com",
            "alerts.smtp.from", "fairlead@example.com",
            "alerts.smtp.to", "me@example.com",
            "alerts.smtp.user", "fairlead",
            "alerts.smtp.password", "s3cret");
    assertThat(settings(SettingsLoader.load(Optional.empty(), NONE, flags)).toString())
        .contains("hooks.example.com", "fairlead@example.com")
        .doesNotContain("s3cret");
    assertThat(problems("alerts.webhook.url", "ftp://hooks.example.com/s3cret"))
        .isEqualTo(
            "--alerts.webhook.url: *** (expected: an https:// or http:// address without a"
                + " password)");
  }

  private static String problems(String... flags) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < flags.length; i += 2) {
      given.put(flags[i], flags[i + 1]);
    }
    return Shown.problems(SettingsLoader.load(Optional.empty(), NONE, given));
  }

  @Test
  void namesAllProblemsOfAllSourcesAtOnce() throws IOException {
    Path file =
        file(
            """
            domian: example.com
            acme:
              emial: me@example.com
              server: true
            docker: false
            docker.poll: 200ms
            listeners: [":80"]
            logging: {level: info}
            timeouts:
            log:
              format: xml
              access: {all: true}
            services:
              shop: {host: shop.example.com, endpoint: ["10.0.0.1:80"]}
              blog: {endpoints: ["10.0.0.1:80"]}
            """);

    assertThat(
            Shown.problems(
                SettingsLoader.load(
                    Optional.of(file),
                    Map.of("FAIRLEAD_ACME_EMIAL", "s3cret", "FAIRLEAD_XYZZY", "1", "PATH", "/bin"),
                    Map.of("docker.pol", "1s", "log.level", "loud"))))
        .isEqualTo(
            """
            --docker.pol: unknown key (expected: docker.poll)
            --log.level: loud (expected: error or warn or info or debug)
            FAIRLEAD_ACME_EMIAL: unknown variable (expected: FAIRLEAD_ACME_EMAIL)
            FAIRLEAD_XYZZY: unknown variable (expected: a variable of docs/reference.md)
            acme.emial: unknown key (expected: acme.email)
            acme.server: unknown key (expected: acme. and one of directory, email, ca-root, eab, profile, preferred-chain, key-type, key-reuse, archive-after, challenge, dns-persist, staging-first, staging, limits, preflight, addresses, on-demand, dns, fallback)
            docker: false (expected: keys below it: enabled, endpoint, poll, timeout, networks)
            docker.poll: a key with dots (expected: one level of YAML for each dot)
            domian: unknown key (expected: domain)
            listeners: :80 (expected: keys below it: http, https, admin, public-https-port, default-address)
            log.access.all: unknown key (expected: one value of log.access)
            log.format: xml (expected: auto or text or json)
            logging.level: unknown key (expected: one of domain, listeners, trusted, forwarded, acme, storage, docker, file, timeouts, limits, sticky, alerts, log)
            services.blog.host: nothing (expected: a host name here, or the setting domain: then it is <service>.<domain>)
            services.shop.endpoint: unknown key (expected: services.shop.endpoints)
            services.shop.endpoints: nothing (expected: one or more addresses such as 10.0.0.5:8080 weight=3, [fd00::5]:8080)\
            """);
  }

  @Test
  void doesNotLookAtAValueThatAnotherWinsOver() {
    Map<String, String> environment = Map.of("FAIRLEAD_LOG_LEVEL", "loud");

    assertThat(SettingsLoader.load(Optional.empty(), environment, Map.of("log.level", "info")))
        .isInstanceOf(Parsed.Valid.class);
  }

  @Test
  void neverShowsWhatCameFromAFile() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "correct horse");

    assertThat(Shown.problems(load(Map.of("FAIRLEAD_ACME_EMAIL_FILE", secret.toString()))))
        .isEqualTo(
            "FAIRLEAD_ACME_EMAIL_FILE: *** (expected: one e-mail address such as me@example.com)");
  }

  @Test
  void saysWhatIsWrongWithTheFileOfAVariable() {
    String missing = directory.resolve("missing").toString();

    assertThat(Shown.problems(load(Map.of("FAIRLEAD_DOMAIN_FILE", missing))))
        .isEqualTo(
            "FAIRLEAD_DOMAIN_FILE: %s does not exist (expected: a path of a readable file)"
                .formatted(missing));
    assertThat(Shown.problems(load(Map.of("FAIRLEAD_DOMAIN_FILE", directory.toString()))))
        .isEqualTo(
            "FAIRLEAD_DOMAIN_FILE: %s is a directory (expected: a path of a readable file)"
                .formatted(directory));
    assertThat(Shown.problems(load(Map.of("FAIRLEAD_DOMAIN_FILE", "\0"))))
        .isEqualTo("FAIRLEAD_DOMAIN_FILE: \uFFFD (expected: a path of a readable file)");
    assertThat(
            Shown.problems(
                load(Map.of("FAIRLEAD_DOMAIN_FILE", missing, "FAIRLEAD_DOMAIN", "example.com"))))
        .isEqualTo(
            "FAIRLEAD_DOMAIN_FILE: %s (expected: only one of it and FAIRLEAD_DOMAIN)"
                .formatted(missing));
    assertThat(Shown.problems(load(Map.of("FAIRLEAD_DOMIAN_FILE", missing))))
        .isEqualTo("FAIRLEAD_DOMIAN_FILE: unknown variable (expected: FAIRLEAD_DOMAIN_FILE)");
  }

  @Test
  void saysWhatIsWrongWithTheFile() throws IOException {
    Path missing = directory.resolve("missing.yml");
    assertThat(Shown.problems(SettingsLoader.load(Optional.of(missing), NONE, NONE)))
        .isEqualTo(missing + ": does not exist (expected: a readable YAML file)");

    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xFF, 0, 1});
    assertThat(Shown.problems(SettingsLoader.load(Optional.of(binary), NONE, NONE)))
        .isEqualTo(binary + ": is not UTF-8 (expected: a readable YAML file)");

    Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
    assertThat(Shown.problems(SettingsLoader.load(Optional.of(large), NONE, NONE)))
        .isEqualTo(large + ": is larger than 1 MiB (expected: a readable YAML file)");

    Path twice = file("log:\n  level: info\n  level: warn\n");
    assertThat(Shown.problems(SettingsLoader.load(Optional.of(twice), NONE, NONE)))
        .isEqualTo(twice + ": line 3, column 8: the key level again (expected: each key once)");
  }

  @Test
  void takesItsServicesFromItselfWhenItHasSome() throws IOException {
    Path file =
        file(
            """
            domain: example.com
            services:
              shop: {endpoints: ["10.0.0.1:80"]}
            """);

    assertThat(settings(SettingsLoader.load(Optional.of(file), NONE, NONE)).file().path())
        .contains(file);
    assertThat(
            settings(SettingsLoader.load(Optional.of(file), NONE, Map.of("file.path", file + "")))
                .file()
                .path())
        .contains(file);
    assertThat(
            Shown.problems(
                SettingsLoader.load(Optional.of(file), NONE, Map.of("file.path", "/other.yml"))))
        .isEqualTo(
            "services: services in two files (expected: all of them in /other.yml, as file.path"
                + " says)");
  }

  @Test
  void knowsTheDomainOfServicesFromAnySource() throws IOException {
    Path file = file("services:\n  shop: {endpoints: '10.0.0.1:80'}\n");

    assertThat(
            SettingsLoader.load(Optional.of(file), Map.of("FAIRLEAD_DOMAIN", "example.com"), NONE))
        .isInstanceOf(Parsed.Valid.class);
    assertThat(
            Shown.problems(
                SettingsLoader.load(Optional.of(file), Map.of("FAIRLEAD_DOMAIN", "?"), NONE)))
        .isEqualTo("FAIRLEAD_DOMAIN: ? (expected: a domain name such as example.com)");
  }

  @Test
  void refusesTwoListenersAtOneAddress() {
    Map<String, String> environment =
        Map.of(
            "FAIRLEAD_LISTENERS_HTTPS", "0.0.0.0:80",
            "FAIRLEAD_LISTENERS_ADMIN", "127.0.0.1:80");

    assertThat(Shown.problems(load(environment)))
        .isEqualTo(
            """
            FAIRLEAD_LISTENERS_ADMIN: 127.0.0.1:80 (expected: another address than that of listeners.http)
            FAIRLEAD_LISTENERS_HTTPS: 0.0.0.0:80 (expected: another address than that of listeners.http)\
            """);
    assertThat(load(Map.of("FAIRLEAD_LISTENERS_HTTP", ":0", "FAIRLEAD_LISTENERS_HTTPS", ":0")))
        .isInstanceOf(Parsed.Valid.class);
    assertThat(
            load(
                Map.of(
                    "FAIRLEAD_LISTENERS_HTTP", "10.0.0.1:80",
                    "FAIRLEAD_LISTENERS_HTTPS", "10.0.0.2:80")))
        .isInstanceOf(Parsed.Valid.class);
  }

  @Test
  void throwsForNoInput() throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    List<Option<?>> options = options().toList();
    for (int i = 0; i < 2_000; i++) {
      Option<?> option = options.get(random.nextInt(options.size()));
      Path file = file(Noise.text(random, nested(option.key(), option.example())));
      Map<String, String> environment =
          Map.of(Noise.text(random, option.variable()), Noise.text(random, option.example()));
      Map<String, String> flags =
          Map.of(Noise.text(random, option.key()), Noise.text(random, option.example()));

      assertThat(SettingsLoader.load(Optional.of(file), environment, flags)).isNotNull();
    }
  }

  private static Parsed<Settings> load(Map<String, String> environment) {
    return load(environment, NONE);
  }

  private static Parsed<Settings> load(Map<String, String> environment, Map<String, String> flags) {
    return SettingsLoader.load(Optional.empty(), environment, flags);
  }

  private Path file(String yaml) throws IOException {
    return Files.write(directory.resolve("fairlead.yml"), yaml.getBytes(StandardCharsets.UTF_8));
  }

  /** One level of YAML for each dot. */
  private static String nested(String key, String value) {
    int dots = key.length() - key.replace(".", "").length();
    return key.replace(".", ": {") + ": \"" + value + "\"" + "}".repeat(dots) + "\n";
  }

  private static Settings settings(Parsed<Settings> parsed) {
    return switch (parsed) {
      case Parsed.Valid<Settings>(Settings settings) -> settings;
      case Parsed.Invalid<Settings> invalid -> throw new AssertionError(invalid);
    };
  }

  private static List<String> paths(Parsed<Settings> parsed) {
    return switch (parsed) {
      case Parsed.Valid<Settings> _ -> List.of();
      case Parsed.Invalid<Settings>(var problems) -> problems.stream().map(Problem::path).toList();
    };
  }
}
