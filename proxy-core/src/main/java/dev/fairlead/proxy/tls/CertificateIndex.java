package dev.fairlead.proxy.tls;

import dev.fairlead.config.routing.HostPattern;
import io.netty.handler.ssl.SslContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which certificate answers for which host. {@link #find} is for event loops: one volatile read and
 * two look-ups at most. {@link #publish} is for the control plane: what did not change keeps its
 * context, and with it the sessions that clients resume.
 */
public final class CertificateIndex {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateIndex.class);

  private record Index(
      Map<String, LazyContext> exact,
      Map<String, LazyContext> wildcard,
      @Nullable LazyContext fallback) {}

  private final TicketKeys tickets = new TicketKeys();
  private final OnDemandCertificates onDemand;
  private volatile Index current = new Index(Map.of(), Map.of(), null);

  /** Nothing is published yet, and nothing comes on demand. */
  public CertificateIndex() {
    this(OnDemandCertificates.NONE);
  }

  /** Nothing is published yet. */
  public CertificateIndex(OnDemandCertificates onDemand) {
    this.onDemand = onDemand;
  }

  /**
   * Loads the TLS library meanwhile, on a thread of its own: it takes some 100 ms, which the first
   * certificate would have to wait for. Returns at once.
   */
  public void prepare() {
    Thread.ofPlatform().daemon().name("tls-library").start(TlsContexts::load);
  }

  /**
   * Makes these the certificates of every handshake from now on.
   *
   * @param fallback for a host that no certificate is for, and for clients that name none; while it
   *     is empty their handshakes fail
   * @throws IllegalArgumentException when {@code fallback} can't be used; then nothing changed
   */
  public synchronized void publish(
      Map<HostPattern, ServerCertificate> certificates, Optional<ServerCertificate> fallback) {
    Index before = current;
    Map<String, LazyContext> exact = new HashMap<>();
    Map<String, LazyContext> wildcard = new HashMap<>();
    certificates.forEach(
        (host, certificate) -> {
          LazyContext kept = (host.wildcard() ? before.wildcard : before.exact).get(host.suffix());
          LazyContext context = context(host, certificate, kept);
          if (context != null) {
            (host.wildcard() ? wildcard : exact).put(host.suffix(), context);
          }
        });
    LazyContext others =
        fallback.isEmpty() ? before.fallback : keepOrMake("", fallback.get(), before.fallback);
    current = new Index(exact, wildcard, others);
  }

  // One host's certificate changes nothing for another host.
  private @Nullable LazyContext context(
      HostPattern host, ServerCertificate certificate, @Nullable LazyContext before) {
    try {
      return keepOrMake(host.toString(), certificate, before);
    } catch (IllegalArgumentException e) {
      LOG.error("The new certificate of {} can't be used, the one before stays", host, e);
      return before;
    }
  }

  private LazyContext keepOrMake(
      String host, ServerCertificate certificate, @Nullable LazyContext before) {
    return before != null && before.certificate() == certificate
        ? before
        : new LazyContext(host, certificate, tickets);
  }

  /**
   * Makes these what the keys of session tickets are derived from, for each host and certificate
   * anew: a client resumes at every instance that has the same secrets and the same certificate.
   * Before the first call the keys are BoringSSL's own, of this process. From any thread but event
   * loops.
   *
   * @param secrets of at least 32 bytes; the first encrypts new tickets, those of the others are
   *     accepted
   */
  public synchronized void ticketSecrets(List<byte[]> secrets) {
    tickets.use(secrets);
    Index index = current;
    index.exact.values().forEach(LazyContext::renewTicketKeys);
    index.wildcard.values().forEach(LazyContext::renewTicketKeys);
    if (index.fallback != null) {
      index.fallback.renewTicketKeys();
    }
  }

  /**
   * What a handshake may wait for before it looks for its context; see {@link
   * OnDemandCertificates#arrival}.
   */
  CompletionStage<Void> arrival(@Nullable String host) {
    return host == null ? OnDemandCertificates.NOW : onDemand.arrival(host);
  }

  /**
   * The context for a handshake, made now when it is the host's first one. From any thread.
   *
   * @param host lower case; null when the client named none
   * @return null as long as nothing was published
   */
  public @Nullable SslContext find(@Nullable String host) {
    Index index = current;
    LazyContext found = null;
    if (host != null) {
      found = index.exact.get(host);
      int dot = host.indexOf('.');
      if (found == null && dot > 0) {
        found = index.wildcard.get(host.substring(dot + 1));
      }
    }
    LazyContext context = found != null ? found : index.fallback;
    return context != null ? context.get() : null;
  }
}
