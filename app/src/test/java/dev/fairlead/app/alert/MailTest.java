package dev.fairlead.app.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.config.bootstrap.SmtpSettings;
import dev.fairlead.config.bootstrap.SmtpSettings.Login;
import dev.fairlead.config.bootstrap.SmtpSettings.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mail server gets, and what becomes of what it answers. */
class MailTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final AlertMessage MESSAGE =
      AlertMessageTest.message(List.of(Certificates.issued("shop.example.com", BEGIN)));
  private static final Optional<Login> LOGIN = Optional.of(new Login("fairlead", "s3cret"));
  private static final Tries QUICK =
      new Tries(List.of(Duration.ofMillis(1), Duration.ofMillis(1)), Duration.ofSeconds(20));

  @TempDir private Path directory = Path.of("");

  private static Mail mail(
      SmtpServer server, Tls tls, Optional<Login> login, Optional<Path> caFile) {
    return new Mail(settings(server.port(), tls, login), caFile, QUICK);
  }

  private static Mail mail(int port, Tls tls, Optional<Login> login, Tries tries) {
    return new Mail(settings(port, tls, login), Optional.empty(), tries);
  }

  private static SmtpSettings settings(int port, Tls tls, Optional<Login> login) {
    return new SmtpSettings(
        "localhost",
        port,
        tls,
        "fairlead@example.com",
        List.of("me@example.com", "you@example.com"),
        login);
  }

  @Test
  void aMailHasTheTitleAndTheTextForEachRecipient() throws Exception {
    try (SmtpServer server = SmtpServer.plain()) {
      Mail mail = mail(server, Tls.NONE, Optional.empty(), Optional.empty());
      assertThat(mail.send(MESSAGE)).isEqualTo("taken");
      assertThat(server.commands)
          .contains(
              "EHLO box",
              "MAIL FROM:<fairlead@example.com>",
              "RCPT TO:<me@example.com>",
              "RCPT TO:<you@example.com>");
      assertThat(server.mails)
          .singleElement()
          .asString()
          .contains(
              "From: fairlead@example.com\n",
              "To: me@example.com, you@example.com\n",
              "Subject: shop.example.com: its renewal is overdue\n",
              "Date: ",
              "Auto-Submitted: auto-generated\n",
              "\n\nshop.example.com: its renewal is overdue, since 2026-03-02 00:00 UTC;",
              "  Expected: the name's DNS leads here, and the router forwards ports 80 and 443\n");
    }
  }

  @Test
  void theLoginIsSentBehindTlsOnly() throws Exception {
    OwnCa ca = new OwnCa();
    try (SmtpServer server = SmtpServer.startTls(ca.server("localhost"))) {
      mail(server, Tls.STARTTLS, LOGIN, Optional.of(ca.file(directory))).send(MESSAGE);
      assertThat(server.commands).contains("STARTTLS", "tls MAIL FROM:<fairlead@example.com>");
      assertThat(server.commands)
          .filteredOn(command -> !command.startsWith("tls "))
          .noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL"));
      assertThat(server.mails).hasSize(1);
    }
  }

  @Test
  void tlsCanBeginAtOnce() throws Exception {
    OwnCa ca = new OwnCa();
    try (SmtpServer server = SmtpServer.tls(ca.server("localhost"))) {
      mail(server, Tls.TLS, LOGIN, Optional.of(ca.file(directory))).send(MESSAGE);
      assertThat(server.commands).first().asString().startsWith("tls EHLO");
      assertThat(server.mails).hasSize(1);
    }
  }

  @Test
  void withoutStartTlsNothingIsSent() throws Exception {
    try (SmtpServer server = SmtpServer.plain()) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server, Tls.STARTTLS, LOGIN, Optional.empty()).send(MESSAGE))
          .withMessageContaining("STARTTLS");
      assertThat(server.mails).isEmpty();
      assertThat(server.commands).noneMatch(command -> command.startsWith("AUTH"));
    }
  }

  @Test
  void aServerWithACertificateOfNobodyIsNotBelieved() throws Exception {
    try (SmtpServer server = SmtpServer.startTls(new OwnCa().server("localhost"))) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server, Tls.STARTTLS, LOGIN, Optional.empty()).send(MESSAGE))
          .withMessageContaining("certification path");
      assertThat(server.mails).isEmpty();
    }
    try (SmtpServer server = SmtpServer.tls(new OwnCa().server("localhost"))) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server, Tls.TLS, LOGIN, Optional.empty()).send(MESSAGE))
          .withMessageContaining("certification path");
      assertThat(server.mails).isEmpty();
    }
  }

  @Test
  void aCertificateOfAnotherNameIsNone() throws Exception {
    OwnCa ca = new OwnCa();
    Optional<Path> file = Optional.of(ca.file(directory));
    try (SmtpServer server = SmtpServer.startTls(ca.server("other.example.com"))) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server, Tls.STARTTLS, LOGIN, file).send(MESSAGE))
          .withMessageContaining("localhost");
      assertThat(server.mails).isEmpty();
    }
  }

  @Test
  void aWrongPasswordIsNotTriedAgainNorShown() throws Exception {
    OwnCa ca = new OwnCa();
    Optional<Login> wrong = Optional.of(new Login("fairlead", "wr0ng-one"));
    try (SmtpServer server = SmtpServer.startTls(ca.server("localhost"))) {
      Optional<Path> file = Optional.of(ca.file(directory));
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server, Tls.STARTTLS, wrong, file).send(MESSAGE))
          .withMessageContaining("535 5.7.8 no: fairlead *** ***");
      assertThat(server.commands).filteredOn(command -> command.contains("AUTH")).hasSize(1);
    }
  }

  @Test
  void aRefusalIsSaidInTheServersWords() throws Exception {
    try (SmtpServer server = SmtpServer.plain("550 5.7.1 not from you")) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(
              () -> mail(server, Tls.NONE, Optional.empty(), Optional.empty()).send(MESSAGE))
          .withMessageContaining("550 5.7.1 not from you");
    }
  }

  @Test
  void anAnswerThatNeverEndsIsNotKept() throws Exception {
    try (EndlessServer server = new EndlessServer("220 ", "x".repeat(1000))) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server.port(), Tls.STARTTLS, LOGIN, QUICK).send(MESSAGE))
          .withMessageContaining("the server said more than 128 KiB");
    }
    try (EndlessServer server = new EndlessServer("", "220-x\r\n")) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server.port(), Tls.NONE, Optional.empty(), QUICK).send(MESSAGE))
          .withMessageContaining("the server said more than 128 KiB");
    }
  }

  @Test
  void aServerThatSaysNothingIsLeft() throws Exception {
    Tries impatient = new Tries(List.of(), Duration.ofSeconds(1));
    try (EndlessServer server = new EndlessServer("", "")) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> mail(server.port(), Tls.STARTTLS, LOGIN, impatient).send(MESSAGE))
          .withMessage("no answer within 1 s");
      server.awaitEndOfClient();
    }
  }

  @Test
  void whereNobodyListensThatIsSaid() throws Exception {
    SmtpServer server = SmtpServer.plain();
    server.close();
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> mail(server, Tls.NONE, Optional.empty(), Optional.empty()).send(MESSAGE))
        .withMessageContaining("localhost");
  }
}
