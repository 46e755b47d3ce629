package dev.fairlead.proxy.forward;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.http.Identification;
import dev.fairlead.proxy.snapshot.SnapshotPublisher;
import dev.fairlead.proxy.upstream.UpstreamPools;
import java.util.function.LongSupplier;

/**
 * What every exchange needs. Immutable; the same for the life of the proxy.
 *
 * @param publicHttpsPort for redirects
 * @param identification of requests
 * @param bodies that are kept to be sent again
 * @param attempts answers, of all exchanges
 * @param timeouts where a route has none of its own, as are {@code limits}
 */
public record ForwardContext(
    SnapshotPublisher snapshots,
    UpstreamPools pools,
    Deadlines deadlines,
    int publicHttpsPort,
    Identification identification,
    HttpChallenges challenges,
    AccessLog log,
    LongSupplier nanoTime,
    TimeoutSettings timeouts,
    LimitSettings limits,
    BodyBudget bodies,
    OpenAttempts attempts) {}
