package dev.fairlead.acme;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A certificate manager with a listener that remembers, at the pace of tests. */
final class Instance implements AutoCloseable {

  static final Pace FAST =
      new Pace(
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofMillis(100),
          Duration.ofSeconds(40));

  final CertificateManager manager;
  private final AcmeSettings acme;
  private final StorageSettings storage;
  final CopyOnWriteArrayList<ServedCertificates> heard = new CopyOnWriteArrayList<>();

  Instance(AcmeSettings acme, StorageSettings storage, Clock clock, StorageAccess access) {
    this(acme, storage, clock, access, FAST, DnsNetwork.NORMAL);
  }

  Instance(
      AcmeSettings acme,
      StorageSettings storage,
      Clock clock,
      StorageAccess access,
      DnsNetwork network) {
    this(acme, storage, clock, access, FAST, network);
  }

  /** One whose looks at names come to a port of the test's. */
  Instance(
      AcmeSettings acme,
      StorageSettings storage,
      Clock clock,
      StorageAccess access,
      DnsNetwork network,
      int httpPort) {
    this.acme = acme;
    this.storage = storage;
    this.manager =
        new CertificateManager(acme, storage, clock, heard::add, access, FAST, network, httpPort);
    manager.start();
  }

  Instance(
      AcmeSettings acme, StorageSettings storage, Clock clock, StorageAccess access, Pace pace) {
    this(acme, storage, clock, access, pace, DnsNetwork.NORMAL);
  }

  Instance(
      AcmeSettings acme,
      StorageSettings storage,
      Clock clock,
      StorageAccess access,
      Pace pace,
      DnsNetwork network) {
    this.acme = acme;
    this.storage = storage;
    this.manager = new CertificateManager(acme, storage, clock, heard::add, access, pace, network);
    manager.start();
  }

  static StorageSettings storage(Path directory) {
    return new StorageSettings(directory, Duration.ofMinutes(1));
  }

  static HostPattern host(String name) {
    return HostPattern.parse(name).orElseThrow();
  }

  /** Wants names by ACME and waits for the initial load. */
  Instance want(String... names) throws Exception {
    return want(TlsMode.ACME, names);
  }

  Instance want(TlsMode mode, String... names) throws Exception {
    Set<WantedName> wanted =
        Stream.of(names).map(name -> new WantedName(host(name), mode)).collect(Collectors.toSet());
    manager.wanted(wanted);
    manager.initialLoad().get(60, TimeUnit.SECONDS);
    return this;
  }

  /** Wants names that share one certificate, those of each text with a blank between them. */
  Instance wantTogether(String... groups) throws Exception {
    manager.wanted(Stream.of(groups).flatMap(Instance::together).collect(Collectors.toSet()));
    manager.initialLoad().get(60, TimeUnit.SECONDS);
    return this;
  }

  /** Names that share one certificate, with a blank between them; a name alone has its own. */
  static Stream<WantedName> together(String names) {
    List<HostPattern> hosts = Stream.of(names.split(" ")).map(Instance::host).toList();
    return hosts.stream()
        .map(
            host ->
                new WantedName(host, TlsMode.ACME, false, hosts.size() > 1 ? hosts : List.of()));
  }

  Optional<ServedCertificate> served(String name) {
    return heard.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(heard.getLast().byHost().get(host(name)));
  }

  /** Who signed what the listener heard of a name first. */
  Optional<Origin> first(String name) {
    return Optional.ofNullable(heard.getFirst().byHost().get(host(name)))
        .map(ServedCertificate::origin);
  }

  boolean serves(String name, Origin origin) {
    return served(name).filter(certificate -> certificate.origin() == origin).isPresent();
  }

  /**
   * Whether the CA's certificate that is served is stored, too. It is served before: whoever closes
   * in between has none at the next start.
   */
  boolean hasStored(String name) throws IOException, InterruptedException {
    Optional<List<X509Certificate>> chain = served(name).map(ServedCertificate::chain);
    try (Storage place = new Storage(storage, StorageAccess.DIRECT)) {
      for (URI directory : acme.directories()) {
        Optional<KeyAndChain> pair =
            new CertificateStorage(place, directory)
                .loadIfChanged(host(name), Optional.empty())
                .flatMap(LoadedPair::pair);
        if (pair.isPresent() && pair.map(KeyAndChain::chain).equals(chain)) {
          return true;
        }
      }
    }
    return false;
  }

  CertificateStatus status(String name) {
    return manager.status().stream()
        .filter(status -> status.host().equals(host(name)))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    manager.close();
  }
}
