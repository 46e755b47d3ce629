package dev.fairlead.app.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.config.routing.TlsMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people read. */
class AlertMessageTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = BEGIN.plus(Duration.ofDays(61));

  @Test
  void oneNameSaysSinceWhenWhyWhatToChangeAndWhenItExpires() {
    AlertMessage message = message(List.of(Certificates.issued("shop.example.com", BEGIN)));
    assertThat(message.title()).isEqualTo("shop.example.com: its renewal is overdue");
    assertThat(message.text())
        .isEqualTo(
            """
            shop.example.com: its renewal is overdue, since 2026-03-02 00:00 UTC; it expires at 2026-04-01 00:00 UTC.
              Last error: the CA says: no answer on port 80
              Expected: the name's DNS leads here, and the router forwards ports 80 and 443
              Tried again at 2026-03-04 00:00 UTC
            Told by Fairlead on box.\
            """);
  }

  @Test
  void twentyNamesAreListedAndTheOthersCounted() {
    List<CertificateStatus> names =
        IntStream.range(10, 60)
            .mapToObj(i -> Certificates.issued("shop" + i + ".example.com", BEGIN))
            .toList();
    AlertMessage message = message(names);
    assertThat(message.title()).isEqualTo("50 certificates need attention");
    assertThat(message.text())
        .contains("shop10.", "shop29.", "And 30 more.")
        .doesNotContain("shop30.");
  }

  @Test
  void aChannelWithLittleRoomGetsFewerNamesAndTheSameCount() {
    List<CertificateStatus> names =
        IntStream.range(10, 60)
            .mapToObj(i -> Certificates.issued("shop" + i + ".example.com", BEGIN))
            .toList();
    String text = message(names).text(1800, line -> line);
    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1800);
    long listed = text.lines().filter(line -> line.startsWith("shop")).count();
    assertThat(listed).isBetween(2L, 10L);
    assertThat(text).contains("And %d more.".formatted(50 - listed));
  }

  @Test
  void theEndNamesThoseThatAreInOrder() {
    AlertMessage one = AlertMessage.of(List.of(), List.of("shop.example.com"), "box", NOW);
    assertThat(one.subject()).isEqualTo(AlertMessage.Subject.SOLVED);
    assertThat(one.title()).isEqualTo("Solved: the certificate of shop.example.com is in order");
    List<String> many = IntStream.range(10, 60).mapToObj(i -> "shop" + i + ".example.com").toList();
    AlertMessage message = AlertMessage.of(List.of(), many, "box", NOW);
    assertThat(message.title()).isEqualTo("Solved: 50 certificates are in order");
    assertThat(message.text())
        .contains("shop29.example.com: its certificate", "And 30 more in order again.")
        .doesNotContain("shop30.");
  }

  @Test
  void whatACaSaysIsOneLineAndNotTooLong() {
    NameAlert alert = alert("the CA says: a\r\nb\u0007 " + "x".repeat(1000), List.of());
    assertThat(alert.error()).startsWith("the CA says: a b x").hasSize(300).endsWith("…");
    assertThat(alert.expected())
        .isEqualTo("nothing, if it passes; else what docs/certificates.md says of this error");
  }

  @Test
  void hintsInSentencesOfOursBecomeWhatIsExpected() {
    NameAlert unfit =
        alert(
            "tls of a.lan: acme (expected: local, as no public CA can reach it); the local CA's"
                + " certificate is served",
            List.of());
    assertThat(unfit.error()).isEqualTo("tls of a.lan: acme; the local CA's certificate is served");
    assertThat(unfit.expected()).isEqualTo("local, as no public CA can reach it");
    assertThat(alert("the CA's rate limit is reached: too many", List.of()).expected())
        .isEqualTo("nothing, the next order starts by itself");
  }

  @Test
  void withoutAnErrorTheStorageIsToBlame() {
    NameAlert alert =
        alert(null, List.of("storage /data: mounted read-only (fix: mount it with rw)"));
    assertThat(alert.error()).isEqualTo("storage /data: mounted read-only");
    assertThat(alert.expected()).isEqualTo("mount it with rw");
    assertThat(alert(null, List.of()).error()).contains("no order has failed");
  }

  @Test
  void whatHasExpiredIsSaidSo() {
    Instant late = BEGIN.plus(Duration.ofDays(91));
    CertificateStatus status = Certificates.issued("shop.example.com", BEGIN);
    NameAlert alert = alert(status, List.of(), late);
    assertThat(alert.paragraph())
        .startsWith("shop.example.com: its certificate has expired, since 2026-03-02 00:00 UTC;")
        .contains("it expired at 2026-04-01 00:00 UTC");
  }

  @Test
  void aNameWithoutACertificateHasNoEndOfOne() {
    NameAlert alert = alert(Certificates.missing("shop.example.com", BEGIN), List.of(), NOW);
    assertThat(alert.paragraph())
        .startsWith(
            "shop.example.com: it has no certificate of the CA, since 2026-03-03 00:00 UTC.")
        .doesNotContain("expire");
  }

  private static NameAlert alert(@Nullable String problem, List<String> storage) {
    CertificateStatus status =
        Certificates.status(
            "shop.example.com",
            TlsMode.ACME,
            Optional.of(Origin.ACME),
            BEGIN,
            Optional.ofNullable(problem));
    return alert(status, storage, NOW);
  }

  private static NameAlert alert(CertificateStatus status, List<String> storage, Instant now) {
    Trouble trouble = Trouble.of(status, now).orElseThrow();
    return NameAlert.of(trouble.kind(), trouble.since().orElse(now), status, storage, now);
  }

  static AlertMessage message(List<CertificateStatus> names) {
    List<NameAlert> open = names.stream().map(name -> alert(name, List.of(), NOW)).toList();
    return AlertMessage.of(open, List.of(), "box", NOW);
  }
}
