package dev.fairlead.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CertificateMetricsTest {

  private static final URI CA = URI.create("https://ca.example/directory");
  private static final URI SECOND = URI.create("https://second.example/directory");
  private static final Instant BEGIN = Instant.ofEpochSecond(1_000);
  private static final Instant RENEWAL = Instant.ofEpochSecond(2_000);
  private static final Instant END = Instant.ofEpochSecond(3_000);

  @Test
  void aNameInOrderHasItsTimesAndTheAuthority() {
    assertThat(page(good("shop.example.com", Origin.ACME), good("nas.lan", Origin.LOCAL)))
        .isEqualTo(
            """
            # HELP fairlead_certificates Names that visitors come by, by who signed.
            # TYPE fairlead_certificates gauge
            fairlead_certificates{ca="ca.example"} 1
            fairlead_certificates{ca="second.example"} 0
            fairlead_certificates{ca="local"} 1
            fairlead_certificates{ca="none"} 0
            # HELP fairlead_certificate_not_after_timestamp_seconds When the certificate that is served ends.
            # TYPE fairlead_certificate_not_after_timestamp_seconds gauge
            fairlead_certificate_not_after_timestamp_seconds{name="shop.example.com",ca="ca.example"} 3000
            fairlead_certificate_not_after_timestamp_seconds{name="nas.lan",ca="local"} 3000
            # HELP fairlead_certificate_renewal_timestamp_seconds From when on the certificate that is served is to be replaced.
            # TYPE fairlead_certificate_renewal_timestamp_seconds gauge
            fairlead_certificate_renewal_timestamp_seconds{name="shop.example.com",ca="ca.example"} 2000
            fairlead_certificate_renewal_timestamp_seconds{name="nas.lan",ca="local"} 2000
            # HELP fairlead_certificate_failures Orders that failed in a row.
            # TYPE fairlead_certificate_failures gauge
            # HELP fairlead_certificate_next_attempt_timestamp_seconds When the next order may start, after one failed.
            # TYPE fairlead_certificate_next_attempt_timestamp_seconds gauge
            # HELP fairlead_certificate_last_error_info Why the last order failed; always 1.
            # TYPE fairlead_certificate_last_error_info gauge
            """);
  }

  @Test
  void whatTheSecondCaIssuedHasItsHost() {
    assertThat(page(good("shop.example.com", Origin.ACME, Optional.of(SECOND))))
        .contains(
            "fairlead_certificates{ca=\"ca.example\"} 0\n",
            "fairlead_certificates{ca=\"second.example\"} 1\n",
            "fairlead_certificate_not_after_timestamp_seconds{name=\"shop.example.com\","
                + "ca=\"second.example\"} 3000\n");
  }

  @Test
  void aNameThatFailsSaysHowOftenWhyAndWhenItIsTriedAgain() {
    assertThat(page(failing("shop.example.com", "the CA says: \"no\"\r\n\u0000at  all")))
        .contains(
            "fairlead_certificates{ca=\"none\"} 1\n",
            "fairlead_certificate_failures{name=\"shop.example.com\"} 3\n",
            "fairlead_certificate_next_attempt_timestamp_seconds{name=\"shop.example.com\"} 4000\n",
            "fairlead_certificate_last_error_info{name=\"shop.example.com\","
                + "error=\"the CA says: \\\"no\\\" at all\"} 1\n")
        .doesNotContain("not_after_timestamp_seconds{");
  }

  @Test
  void aLongErrorIsCutBetweenTwoCharacters() {
    String error = "😀".repeat(300);
    assertThat(page(failing("shop.example.com", error)))
        .contains("error=\"" + "😀".repeat(199) + "…\"} 1\n");
  }

  @Test
  void thereAreNeverMoreSeriesThanForSomeThousandNames() {
    CertificateStatus[] many =
        IntStream.range(0, CertificateMetrics.MOST_NAMES + 50)
            .mapToObj(i -> good("host-" + i + ".example.com", Origin.ACME))
            .toArray(CertificateStatus[]::new);
    assertThat(page(many).lines())
        .filteredOn(line -> line.startsWith("fairlead_certificate_not_after_timestamp_seconds{"))
        .hasSize(CertificateMetrics.MOST_NAMES);
    assertThat(page(many))
        .contains("fairlead_certificates{ca=\"ca.example\"} %d\n".formatted(many.length));
  }

  private static String page(CertificateStatus... names) {
    PrometheusText text = new PrometheusText();
    new CertificateMetrics(List.of(names), List.of(CA, SECOND)).write(text);
    return text.toString();
  }

  private static CertificateStatus good(String host, Origin origin) {
    return good(host, origin, origin == Origin.ACME ? Optional.of(CA) : Optional.empty());
  }

  private static CertificateStatus good(String host, Origin origin, Optional<URI> directory) {
    return new CertificateStatus(
        HostPattern.parse(host).orElseThrow(),
        origin == Origin.ACME ? TlsMode.ACME : TlsMode.LOCAL,
        Optional.of(origin),
        directory,
        Optional.of(BEGIN),
        Optional.of(END),
        Optional.of(RENEWAL),
        Optional.empty(),
        0,
        Optional.empty());
  }

  private static CertificateStatus failing(String host, String error) {
    return new CertificateStatus(
        HostPattern.parse(host).orElseThrow(),
        TlsMode.ACME,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(error),
        3,
        Optional.of(Instant.ofEpochSecond(4_000)));
  }
}
