package dev.fairlead.app.metrics;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.app.metrics.PrometheusText.MetricType;
import dev.fairlead.app.text.OneLine;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The certificates of all names. A name has five series at most; beyond {@link #MOST_NAMES} names
 * no further ones have any, and no further failing ones.
 */
final class CertificateMetrics {

  static final int MOST_NAMES = 2000;

  private static final int LONGEST_ERROR = 200;
  private static final String LOCAL = "local";
  private static final String NONE = "none";
  private static final String PREFIX = "fairlead_certificate_";

  private final List<CertificateStatus> names;
  private final List<URI> directories;

  /**
   * @param names ordered by host
   * @param directories of the CAs; their hosts stand for them in labels
   */
  CertificateMetrics(List<CertificateStatus> names, List<URI> directories) {
    this.names = names;
    this.directories = directories;
  }

  void write(PrometheusText text) {
    counts(text);
    times(
        text,
        "not_after_timestamp_seconds",
        "When the certificate that is served ends.",
        CertificateStatus::notAfter);
    times(
        text,
        "renewal_timestamp_seconds",
        "From when on the certificate that is served is to be replaced.",
        CertificateStatus::renewAt);
    failures(text);
  }

  private void counts(PrometheusText text) {
    text.metric(
        "fairlead_certificates", MetricType.GAUGE, "Names that visitors come by, by who signed.");
    // Two CAs may have one host; what has no certificate yet has its line, too.
    Map<String, Long> counts = new LinkedHashMap<>();
    directories.forEach(directory -> counts.put(label(directory), 0L));
    counts.put(LOCAL, 0L);
    counts.put(NONE, 0L);
    names.forEach(name -> counts.merge(ca(name), 1L, Long::sum));
    counts.forEach((ca, count) -> text.sample(count, "ca", ca));
  }

  private void times(
      PrometheusText text,
      String metric,
      String help,
      Function<CertificateStatus, Optional<Instant>> time) {
    text.metric(PREFIX + metric, MetricType.GAUGE, help);
    names.stream()
        .limit(MOST_NAMES)
        .forEach(
            name ->
                time.apply(name)
                    .ifPresent(
                        when -> text.sample(when, "name", name.host().toString(), "ca", ca(name))));
  }

  private String ca(CertificateStatus name) {
    if (name.served().isEmpty()) {
      return NONE;
    }
    return name.served().get() == Origin.LOCAL
        ? LOCAL
        : label(name.directory().orElseGet(directories::getFirst));
  }

  private static String label(URI directory) {
    return Optional.ofNullable(directory.getHost()).orElse("acme");
  }

  private void failures(PrometheusText text) {
    List<CertificateStatus> failing =
        names.stream().filter(name -> name.failures() > 0).limit(MOST_NAMES).toList();
    text.metric(PREFIX + "failures", MetricType.GAUGE, "Orders that failed in a row.");
    failing.forEach(name -> text.sample(name.failures(), "name", name.host().toString()));
    text.metric(
        PREFIX + "next_attempt_timestamp_seconds",
        MetricType.GAUGE,
        "When the next order may start, after one failed.");
    failing.forEach(
        name ->
            name.nextAttempt()
                .ifPresent(when -> text.sample(when, "name", name.host().toString())));
    text.metric(
        PREFIX + "last_error_info", MetricType.GAUGE, "Why the last order failed; always 1.");
    failing.forEach(
        name ->
            name.problem()
                .ifPresent(
                    error ->
                        text.sample(
                            1,
                            "name",
                            name.host().toString(),
                            "error",
                            OneLine.of(error, LONGEST_ERROR))));
  }
}
