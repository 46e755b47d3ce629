package dev.fairlead.app.instance;

import dev.fairlead.acme.CertificateManager;
import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.ondemand.OnDemandNames;
import dev.fairlead.app.admin.AdminServer;
import dev.fairlead.app.admin.Readiness;
import dev.fairlead.app.alert.AlertWatch;
import dev.fairlead.app.log.AccessLineFormat;
import dev.fairlead.app.log.AccessLogWriter;
import dev.fairlead.app.metrics.MetricsPage;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.discovery.Health;
import dev.fairlead.discovery.Provider;
import dev.fairlead.discovery.Reconciler;
import dev.fairlead.discovery.file.FileProvider;
import dev.fairlead.discovery.swarm.SwarmProvider;
import dev.fairlead.proxy.forward.AccessLog;
import dev.fairlead.proxy.server.ProxyServer;
import dev.fairlead.proxy.tls.CertificateIndex;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running proxy. Ports are bound first, so that a port that is taken ends the start before
 * anything else has begun; clients that connect wait until the routes of every provider and their
 * stored certificates are there, but never longer than {@link #WARM_UP}. Then it serves whatever is
 * known.
 */
public final class Instance implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

  /** The longest that clients wait for Docker and the share at a start. */
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** The part of it after which the share has to be asked for what is known by then. */
  private static final double FOR_ROUTES = 0.8;

  private static final int STICKY_KEY_BYTES = 32;

  /** On the storage, as is the next. */
  private static final String STICKY_KEY = "sticky";

  private static final String ON_DEMAND = "on-demand";

  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch firstRoutes = new CountDownLatch(1);
  private volatile boolean active;

  private final boolean looksForStickyKey;
  private final OnDemandNames onDemand;
  private final SharedNames sharedNames = new SharedNames();
  private final CertificateIndex index;
  private final AccessLogWriter accessLog;
  private final ProxyServer proxy;
  private final CertificateManager certificates;
  private final Reconciler reconciler;
  private final AdminServer admin;
  private final AlertWatch alerts;

  /** Binds the ports; {@link #serve} is the rest of a start. */
  Instance(Settings settings, List<Provider> providers, PrintStream out) throws IOException {
    InstantSource clock = InstantSource.system();
    looksForStickyKey = settings.sticky().secret().isEmpty();
    accessLog = new AccessLogWriter(out, clock, AccessLineFormat.of(settings.log()));
    AccessLog log = settings.log().access() ? accessLog : _ -> {};
    onDemand = new OnDemandNames(settings.onDemand(), clock);
    index = new CertificateIndex(onDemand::arrival, settings.listeners().defaultAddress());
    index.prepare();
    certificates =
        new CertificateManager(
            settings.acme(),
            settings.storage(),
            Clock.systemUTC(),
            new CertificateBridge(index).before(onDemand::changed));
    proxy =
        ProxyServer.bind(
            settings.listeners(),
            settings.trust(),
            settings.timeouts(),
            settings.limits(),
            Runtime.getRuntime().maxMemory(),
            settings.sticky().secret().map(Instance::bytes).orElseGet(Instance::randomKey),
            settings.forwarded(),
            index,
            new ChallengeBridge(settings.acme(), certificates::keyAuthorization)::keyAuthorization,
            host -> CertificateBridge.forChallenge(certificates.validationCertificate(host)),
            log);
    AdminServer started = null;
    try {
      MetricsPage metrics =
          new MetricsPage(
              proxy, certificates::status, onDemand::counts, settings.acme().directories());
      started = AdminServer.start(settings.listeners().admin(), this::readiness, metrics::text);
    } finally {
      if (started == null) {
        proxy.close();
        accessLog.close();
      }
    }
    admin = started;
    reconciler = Reconciler.of(providers, this::publish, clock);
    alerts =
        AlertWatch.start(
            settings.alerts(),
            certificates::status,
            certificates::storageProblems,
            certificates.sharedNote("alerts"),
            clock);
  }

  private static byte[] bytes(String secret) {
    return secret.getBytes(StandardCharsets.UTF_8);
  }

  // Until that of the storage is known.
  private static byte[] randomKey() {
    byte[] random = new byte[STICKY_KEY_BYTES];
    new SecureRandom().nextBytes(random);
    return random;
  }

  /**
   * Starts, and returns when clients are served.
   *
   * @param out gets the access log
   * @throws IOException with a sentence for the operator when a port can't be had
   */
  public static Instance start(Settings settings, PrintStream out)
      throws IOException, InterruptedException {
    Instance instance = new Instance(settings, providers(settings), out);
    try {
      instance.serve(WARM_UP);
    } catch (InterruptedException | RuntimeException e) {
      instance.close();
      throw e;
    }
    return instance;
  }

  static List<Provider> providers(Settings settings) {
    InstantSource clock = InstantSource.system();
    List<Provider> providers = new ArrayList<>();
    if (settings.docker().enabled()) {
      providers.add(SwarmProvider.of(settings.docker(), settings.domain(), clock));
    }
    FileProvider.of(settings.file(), settings.domain()).ifPresent(providers::add);
    return providers;
  }

  private void publish(RoutingSpec spec) {
    proxy.publish(spec);
    onDemand.routed(
        WantedNames.of(spec, sharedNames.of(spec)),
        WantedNames.onDemand(spec),
        WantedNames.hosts(spec));
    firstRoutes.countDown();
  }

  /**
   * Looks for routes and certificates, and returns when clients are served.
   *
   * @param warmUp the longest that clients wait
   */
  void serve(Duration warmUp) throws InterruptedException {
    long end = System.nanoTime() + warmUp.toNanos();
    certificates.start();
    certificates.archiveUnwanted(this::areAllRoutesKnown);
    onDemand.start(
        certificates.sharedNote(ON_DEMAND), certificates::copiedHosts, certificates::wanted);
    CompletableFuture<Void> stickyKey =
        looksForStickyKey
            ? certificates.secret(STICKY_KEY, proxy::stickyKey)
            : CompletableFuture.completedFuture(null);
    CompletableFuture<Void> ticketKeys = certificates.ticketKeys(index::ticketSecrets);
    reconciler.start();
    if (!firstRoutes.await((long) (warmUp.toNanos() * FOR_ROUTES), TimeUnit.NANOSECONDS)) {
      reconciler.waitNoLonger();
      LOG.warn("no answer yet from {}: {}", silentProviders(), meanwhile());
    }
    if (firstRoutes.getCount() == 0
        && !awaitStorage(end - System.nanoTime(), stickyKey, ticketKeys)) {
      LOG.warn(
          "the storage did not answer yet: serving certificates of the local CA until it does");
    }
    proxy.activate();
    active = true;
    LOG.info("serving");
  }

  /** Whether every provider has said all it knows, and still does. */
  boolean areAllRoutesKnown() {
    Health health = reconciler.health();
    return health.complete()
        && health.providers().stream().allMatch(provider -> provider.failure().isEmpty());
  }

  private String meanwhile() {
    return firstRoutes.getCount() == 0
        ? "serving the routes that are known"
        : "answering 503 until there are routes";
  }

  private String silentProviders() {
    return reconciler.health().providers().stream()
        .filter(provider -> provider.lastGoodLook().isEmpty())
        .map(Health.ProviderHealth::name)
        .collect(Collectors.joining(" and "));
  }

  private boolean awaitStorage(
      long nanos, CompletableFuture<Void> stickyKey, CompletableFuture<Void> ticketKeys)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(certificates.initialLoad(), stickyKey, ticketKeys)
          .get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private Readiness readiness() {
    List<String> reasons = new ArrayList<>();
    if (stopping.get()) {
      reasons.add("stopping");
    } else if (!active) {
      reasons.add("starting");
    }
    Health health = reconciler.health();
    for (Health.ProviderHealth provider : health.providers()) {
      Optional<String> silent =
          provider.lastGoodLook().isEmpty() ? Optional.of("no answer yet") : Optional.empty();
      provider
          .failure()
          .or(() -> silent)
          .ifPresent(reason -> reasons.add(provider.name() + ": " + reason));
    }
    reasons.addAll(certificates.storageProblems());
    for (CertificateStatus status : certificates.status()) {
      status.problem().ifPresent(problem -> reasons.add(status.host() + ": " + problem));
    }
    reconciler.problems().forEach(problem -> reasons.add(problem.toString()));
    return new Readiness(active && !stopping.get() && health.published(), reasons);
  }

  public InetSocketAddress httpAddress() {
    return proxy.httpAddress();
  }

  public InetSocketAddress httpsAddress() {
    return proxy.httpsAddress();
  }

  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** The local CA's certificate as a file, for clients to trust; empty without a storage. */
  public Optional<Path> localCaFile() {
    return certificates.localCaCertificate();
  }

  /** Lets what is under way end (see {@code timeouts.drain}), then ends everything. Once. */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    LOG.info("stopping: {} connections are open", proxy.openConnections());
    try {
      int cut = proxy.drain();
      if (cut > 0) {
        LOG.warn("stopping: {} connections did not end in time and were cut", cut);
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    reconciler.close();
    alerts.close();
    onDemand.close();
    certificates.close();
    proxy.close();
    admin.close();
    accessLog.close();
    LOG.info("stopped");
  }
}
