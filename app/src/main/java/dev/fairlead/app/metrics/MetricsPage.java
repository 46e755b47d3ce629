package dev.fairlead.app.metrics;

import static dev.fairlead.app.metrics.PrometheusText.MetricType.COUNTER;
import static dev.fairlead.app.metrics.PrometheusText.MetricType.GAUGE;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.ondemand.OnDemandCounts;
import dev.fairlead.proxy.server.ProxyServer;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/**
 * All numbers of one instance, in Prometheus' text format. Reads what is counted anyway; no event
 * loop is asked, and none waits. Any thread.
 */
public final class MetricsPage {

  private final ProxyServer proxy;
  private final Supplier<List<CertificateStatus>> certificates;
  private final Supplier<OnDemandCounts> onDemand;
  private final List<URI> directories;

  /**
   * A page of the numbers that are true when it is asked for.
   *
   * @param directories of the CAs
   */
  public MetricsPage(
      ProxyServer proxy,
      Supplier<List<CertificateStatus>> certificates,
      Supplier<OnDemandCounts> onDemand,
      List<URI> directories) {
    this.proxy = proxy;
    this.certificates = certificates;
    this.onDemand = onDemand;
    this.directories = List.copyOf(directories);
  }

  /** The page now. */
  public String text() {
    PrometheusText text = new PrometheusText();
    clients(text);
    endpoints(text);
    memory(text);
    new CertificateMetrics(certificates.get(), directories).write(text);
    onDemand(text);
    return text.toString();
  }

  private void onDemand(PrometheusText text) {
    OnDemandCounts counts = onDemand.get();
    text.single(
        "fairlead_on_demand_names",
        GAUGE,
        "Names that are wanted because clients came for them.",
        counts.names());
    text.metric(
        "fairlead_on_demand_handshakes_total",
        COUNTER,
        "Handshakes for names that were not wanted yet, by what came of them.");
    text.sample(counts.allowed(), "result", "allowed");
    text.sample(counts.refused(), "result", "refused");
    text.sample(counts.failed(), "result", "failed");
    text.sample(counts.limited(), "result", "limited");
  }

  private void clients(PrometheusText text) {
    text.single(
        "fairlead_client_connections", GAUGE, "Connections of clients.", proxy.openConnections());
    text.single(
        "fairlead_client_connections_new",
        GAUGE,
        "Connections of clients that have not sent a request yet.",
        proxy.newConnections());
    text.single(
        "fairlead_client_connections_accepted_total",
        COUNTER,
        "Connections of clients that were accepted.",
        proxy.connectionsAccepted());
    text.metric(
        "fairlead_client_connections_shed_total",
        COUNTER,
        "Connections of clients that were closed to make room, for newer ones before their first"
            + " request or because memory was scarce.");
    text.sample(proxy.newConnectionsEnded(), "reason", "no_request");
    text.sample(proxy.connectionsShed(), "reason", "memory");
    text.single(
        "fairlead_draining",
        GAUGE,
        "1 while the proxy stops and clients are told to come no more.",
        proxy.isDraining() ? 1 : 0);
  }

  private void endpoints(PrometheusText text) {
    text.single(
        "fairlead_requests_in_flight",
        GAUGE,
        "Requests that endpoints are at work on.",
        proxy.inFlight());
    text.single(
        "fairlead_requests_waiting",
        GAUGE,
        "Requests that wait for an endpoint, or for room at one.",
        proxy.waiting());
    // In this order: the part is never larger than the whole.
    long reused = proxy.requestsOnReusedConnections();
    text.single(
        "fairlead_endpoint_requests_total",
        COUNTER,
        "Requests sent to endpoints; each try is one.",
        proxy.requestsSent());
    text.single(
        "fairlead_endpoint_connections_reused_total",
        COUNTER,
        "Requests sent to endpoints on connections that had carried others before.",
        reused);
    text.single(
        "fairlead_endpoint_connections_opened_total",
        COUNTER,
        "Connections made to endpoints, those of health checks too.",
        proxy.connectionsToEndpoints());
    text.single(
        "fairlead_endpoint_ejections_total",
        COUNTER,
        "How often an endpoint was left out because it failed.",
        proxy.ejections());
  }

  private void memory(PrometheusText text) {
    text.single(
        "fairlead_unfinished_heads_bytes",
        GAUGE,
        "Heap that unfinished heads of requests and answers hold, beyond small ones.",
        proxy.unfinishedHeadBytes());
    text.single(
        "fairlead_requests_in_flight_bytes",
        GAUGE,
        "Heap that requests under way hold, about.",
        proxy.underWayBytes());
    text.single(
        "fairlead_kept_bodies_bytes",
        GAUGE,
        "Heap that bodies take that may have to be sent again.",
        proxy.keptBodyBytes());
  }
}
