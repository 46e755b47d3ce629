package dev.fairlead.benchmarks;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.tls.CertificateIndex;
import dev.fairlead.proxy.tls.ServerCertificate;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes from the server name in a ClientHello to the certificate's TLS context; half of
 * the certificates are for all names below a domain. The text of the name is made each time, as it
 * is for each connection: nothing about it is known before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class CertificateBenchmark {

  private static final String STRANGER = "stranger.example.org";

  /** A power of two. */
  private static final int HELLOS = 4096;

  /** A name in a ClientHello, and what it has to be answered with. */
  private static final class Hello {
    private final byte[] name;
    private final SslContext expected;

    private Hello(String name, SslContext expected) {
      this.name = Heads.bytes(name);
      this.expected = expected;
    }

    private String name() {
      return new String(name, StandardCharsets.ISO_8859_1);
    }
  }

  @Param({"10", "1000", "10000"})
  private int certificates;

  private final CertificateIndex index = new CertificateIndex();
  private final Map<HostPattern, ServerCertificate> published = new HashMap<>();
  private KeyPair key;
  private X509Certificate certificate;
  private ServerCertificate fallback;
  private Hello[] exact;
  private Hello[] wildcard;
  private int next;

  @Setup(Level.Trial)
  public void setUp() {
    key = Keys.newP256();
    // One is enough: that the right context is found does not depend on what is in it.
    certificate =
        new CertificateBuilder("benchmark", key.getPublic(), Instant.now(), Duration.ofDays(1))
            .forServers()
            .selfSigned(key);
    fallback = another();
    for (int i = 0; i < certificates; i++) {
      published.put(pattern(i), another());
    }
    index.publish(published, Optional.of(fallback));
    eachHasAContextOfItsOwn();
    aNewCertificateChangesItsOwnNamesAlone(0);
    aNewCertificateChangesItsOwnNamesAlone(certificates - 1);
    exact = hellos(false);
    wildcard = hellos(true);
  }

  @Benchmark
  public SslContext exact() {
    return find(exact[next++ & HELLOS - 1]);
  }

  @Benchmark
  public SslContext wildcard() {
    return find(wildcard[next++ & HELLOS - 1]);
  }

  private SslContext find(Hello hello) {
    SslContext found = find(hello.name());
    Expect.equal(found, hello.expected);
    return found;
  }

  private SslContext find(String name) {
    return Expect.present(index.find(name));
  }

  private Hello[] hellos(boolean ofWildcards) {
    Random random = new Random(20261123);
    Hello[] hellos = new Hello[HELLOS];
    for (int i = 0; i < HELLOS; i++) {
      int number = random.nextInt(certificates / 2) * 2 + (ofWildcards ? 1 : 0);
      hellos[i] = hello(nameOf(pattern(number), i));
    }
    return hellos;
  }

  private Hello hello(String name) {
    return new Hello(name, find(name));
  }

  private void eachHasAContextOfItsOwn() {
    Set<SslContext> different = new HashSet<>(contexts());
    Expect.equal(different.size(), certificates);
    Expect.equal(different.contains(find(STRANGER)), false);
    Expect.equal(find("www." + pattern(0).suffix()), find(STRANGER));
  }

  // What ties names to certificates: the context changes with the one, and not with another.
  private void aNewCertificateChangesItsOwnNamesAlone(int number) {
    List<SslContext> before = contexts();
    published.put(pattern(number), another());
    index.publish(published, Optional.of(fallback));
    List<SslContext> after = contexts();
    for (int i = 0; i < certificates; i++) {
      Expect.equal(before.get(i).equals(after.get(i)), i != number);
    }
  }

  private List<SslContext> contexts() {
    List<SslContext> contexts = new ArrayList<>();
    for (int i = 0; i < certificates; i++) {
      contexts.add(find(nameOf(pattern(i), i)));
    }
    return contexts;
  }

  private ServerCertificate another() {
    return new ServerCertificate(key.getPrivate(), List.of(certificate));
  }

  private static HostPattern pattern(int number) {
    return number % 2 == 0
        ? new HostPattern(false, "service-" + number + ".example.com")
        : new HostPattern(true, "tenants-" + number + ".example.com");
  }

  private static String nameOf(HostPattern pattern, int number) {
    return pattern.wildcard() ? "tenant-" + number + "." + pattern.suffix() : pattern.suffix();
  }
}
