package dev.fairlead.proxy.forward;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.RequestKey;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.upstream.UpstreamPool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one exchange: at which endpoint, and whether another one follows. Event loop only.
 */
final class Tries {

  private final ForwardContext context;
  private final Exchange exchange;
  private final ClientStream client;
  private final RequestHead head;
  private final Route route;
  private final ExchangeRecord record;
  private List<Endpoint> failed = List.of();
  private @Nullable Attempt current;
  private int count;

  /**
   * @param head as endpoints get it
   */
  Tries(
      ForwardContext context,
      Exchange exchange,
      ClientStream client,
      RequestHead head,
      Route route,
      ExchangeRecord record) {
    this.context = context;
    this.exchange = exchange;
    this.client = client;
    this.head = head;
    this.route = route;
    this.record = record;
  }

  /** The one that was begun last. */
  @Nullable Attempt current() {
    return current;
  }

  /**
   * Begins the first one.
   *
   * @param repeatable whether nothing of the request will be gone once it was sent
   * @return why none was begun
   */
  @Nullable Failure first(boolean repeatable) {
    return begin(pick(), repeatable);
  }

  /**
   * Whether another one may follow a failed one.
   *
   * @param bodyBegun whether part of the request's body is gone
   */
  boolean mayFollow(Attempt last, Throwable cause, boolean bodyBegun) {
    // A reset is the app's own word, and no sign that its connection was dead.
    return !(cause instanceof StreamResetException)
        && RetryPolicy.mayRetry(last.stage(), isUnprocessed(cause), head, bodyBegun, count);
  }

  /**
   * Begins another one.
   *
   * @param repeatable as of {@link #first}
   * @return why none was begun
   */
  @Nullable Failure next(Attempt last, Throwable cause, boolean repeatable) {
    List<Endpoint> more = new ArrayList<>(failed);
    more.add(last.endpoint());
    failed = more;
    Endpoint endpoint = pick();
    if (endpoint == null
        && (isUnprocessed(cause) || last.stage() == Attempt.Stage.SENT_ON_REUSED)) {
      // The only one there is: its old connection was dead, a new one may do.
      endpoint = last.endpoint();
    }
    return begin(endpoint, repeatable);
  }

  private static boolean isUnprocessed(Throwable cause) {
    return cause instanceof UnprocessedException;
  }

  private @Nullable Endpoint pick() {
    ClusterPolicy policy = route.cluster().spec().policy();
    int key =
        policy.balance() == Balance.HASH
            ? RequestKey.of(policy.hashKey(), head.headers(), record.identity().visitor().address())
            : 0;
    return route.cluster().pick(failed, exchange.nanoTime(), key);
  }

  private @Nullable Failure begin(@Nullable Endpoint endpoint, boolean repeatable) {
    if (endpoint == null) {
      return failed.isEmpty() ? Failure.NO_ENDPOINT : Failure.UNREACHABLE;
    }
    count++;
    // After a failure nothing that may have died unnoticed is good enough.
    boolean fresh = !failed.isEmpty();
    Attempt next = new Attempt(exchange, endpoint, head, exchange.nanoTime());
    current = next;
    record.attempt(endpoint.toString(), count);
    context
        .pools()
        .of(client.eventLoop())
        .acquire(
            endpoint,
            new UpstreamPool.Need(
                head.isIdempotent() && repeatable,
                fresh,
                route.spec().limits().connect().orElse(context.timeouts().connect()),
                endpoint.upstream().proxyProtocol() ? record.identity().connectionEnds() : null),
            next);
    return null;
  }
}
