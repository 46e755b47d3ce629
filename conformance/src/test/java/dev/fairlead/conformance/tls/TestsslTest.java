package dev.fairlead.conformance.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.testing.Program;
import dev.fairlead.conformance.testing.Roots;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * testssl.sh, all that it can do, against the TLS port, with a P-256 and with an RSA key. It finds
 * nothing of LOW or worse. Debian 12 has version 3.0.8, which gives no grades yet.
 */
class TestsslTest {

  /** Findings that are the test's own, and why. */
  private static final Map<String, String> OWN =
      Map.of(
          "engine_problem", "Debian's openssl knows no GOST ciphers to try",
          "cert_serialNumberLen", "the authority of the test counts from 1",
          "cert_expirationStatus", "its certificates are good for a week",
          "cert_notAfter", "the same",
          "cert_revocation", "it revokes nothing, and so has no list");

  /** Some of each kind: a scan that broke off would find nothing. */
  private static final List<String> LOOKED_AT =
      List.of(
          "SSLv3",
          "TLS1",
          "TLS1_2",
          "TLS1_3",
          "ALPN_HTTP2",
          "GREASE",
          "cipherlist_AVERAGE",
          "PFS",
          "cipher_order",
          "cert_chain_of_trust",
          "HSTS_time",
          "heartbleed",
          "ROBOT",
          "secure_renego",
          "secure_client_renego",
          "CRIME_TLS",
          "fallback_SCSV",
          "LUCKY13",
          "RC4",
          "clientsimulation-openssl_303",
          "scanTime");

  /** These fields are up to the app, and testssl.sh asks whether they arrive. */
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\n"
          + "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
          + "X-Frame-Options: DENY\r\n"
          + "X-Content-Type-Options: nosniff\r\n"
          + "Content-Security-Policy: default-src 'self'\r\n"
          + "Content-Length: 0\r\n\r\n";

  @TempDir private Path folder;

  // Both at a time: it waits most of its time.
  @Test
  @Timeout(300)
  void findsNothing() throws Exception {
    Program testssl = Program.installed("testssl", "testssl.sh");
    try (Origin app = Origin.answering((request, connection) -> connection.send(ANSWER));
        ProxyFixture ec = ProxyFixture.routing(spec -> spec.route("a.test", app));
        ProxyFixture rsa = ProxyFixture.routing(spec -> spec.route("a.test", app));
        ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      rsa.certificate("a.test", ProxyFixture.ca().issueRsa("a.test"));
      Future<Findings> withEc = both.submit(scan(testssl, ec, "P-256"));
      Future<Findings> withRsa = both.submit(scan(testssl, rsa, "RSA"));

      assertNothingFound("P-256", withEc.get());
      assertNothingFound("RSA", withRsa.get());
    }
  }

  private static void assertNothingFound(String key, Findings findings) {
    Findings bad = findings.bad();
    Findings notOurs = bad.except(OWN.keySet());
    System.out.printf(
        "testssl.sh, %s key: %d findings, %d of LOW or worse, and %d that are the test's own%n",
        key, findings.all().size(), notOurs.all().size(), bad.all().size() - notOurs.all().size());

    assertThat(findings.ids()).containsAll(LOOKED_AT);
    assertThat(notOurs.all()).isEmpty();
  }

  private Callable<Findings> scan(Program testssl, ProxyFixture proxy, String key) {
    return () -> {
      Path place = Files.createDirectory(folder.resolve(key));
      Path report = place.resolve("report.json");
      Program.Ended ended =
          testssl.run(
              place,
              Duration.ofSeconds(290),
              "--full",
              "--quiet",
              "--color=0",
              "--warnings=off",
              // a.test is this machine, whatever its resolver says.
              "--nodns=none",
              "--ip=127.0.0.1",
              "--add-ca=" + Roots.write(place),
              "--jsonfile=" + report,
              "https://a.test:" + proxy.httpsPort() + "/");
      assertThat(report).as(ended.output()).exists();
      return Findings.read(report);
    };
  }
}
