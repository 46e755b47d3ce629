package dev.fairlead.acme;

import static dev.fairlead.config.bootstrap.AcmeSettings.Challenge.HTTP_01;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the most talkative log that the settings allow tells of a whole issuance. */
class SecretsTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 20);

  private static final String NAME = "secrets.fairlead-tests.com";
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END", Pattern.DOTALL);

  @TempDir Path directory;
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger own = (Logger) LoggerFactory.getLogger("dev.fairlead");
  private final Lines lines = new Lines();

  /** As the application does with log.level=debug: libraries at warn. */
  @BeforeEach
  void listen() {
    own.setLevel(Level.DEBUG);
    lines.setContext(root.getLoggerContext());
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(lines);
    own.setLevel(null);
    CA.responder().forget();
  }

  @Test
  void noKeyAndNoKeyAuthorizationIsEverLogged() throws Exception {
    List<String> secrets = new CopyOnWriteArrayList<>();
    AcmeSettings settings =
        new AcmeSettings(
            CA.pebble().acmeDirectory(),
            Optional.of("somebody@fairlead-tests.com"),
            Optional.of(CA.pebble().caFile()),
            HTTP_01);
    try (Instance instance =
        new Instance(
            settings, Instance.storage(directory), Clock.systemUTC(), StorageAccess.DIRECT)) {
      CA.responder()
          .answerFrom(
              token ->
                  instance
                      .manager
                      .keyAuthorization(token)
                      .whenComplete((answer, _) -> answer.found().ifPresent(secrets::add)),
              instance.manager::validationCertificate);
      instance
          .manager
          .ticketKeys(
              keys -> keys.forEach(key -> secrets.add(Base64.getEncoder().encodeToString(key))))
          .get(60, TimeUnit.SECONDS);
      instance.want(NAME);
      await().atMost(Duration.ofSeconds(60)).until(() -> instance.serves(NAME, Origin.ACME));
      await().until(() -> keys().size() >= 3);
    }
    assertThat(secrets).as("keys of tickets, and key authorizations").hasSizeGreaterThan(2);
    secrets.addAll(keys());

    assertThat(lines.all).as("it does log").isNotEmpty();
    String log = String.join("\n", lines.all);
    assertThat(log).doesNotContain("PRIVATE KEY");
    // the start of an encoded key is the same in all of them; its end is the key itself
    secrets.forEach(
        secret ->
            assertThat(log).doesNotContain(secret.substring(Math.max(0, secret.length() - 40))));
  }

  /**
   * The base64 of every private key in the storage, in one line: account, certificate, local CA.
   */
  private List<String> keys() throws IOException {
    List<String> keys = new CopyOnWriteArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Matcher key = PRIVATE_KEY.matcher(Files.readString(file));
        while (key.find()) {
          keys.add(key.group(1).replaceAll("\\s", ""));
        }
      }
    }
    return keys;
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {

    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      IThrowableProxy thrown = event.getThrowableProxy();
      String cause = thrown == null ? "" : ThrowableProxyUtil.asString(thrown);
      all.add((event.getFormattedMessage() + "\n" + cause).replaceAll("\\s*\\R\\s*", "\n"));
    }
  }
}
