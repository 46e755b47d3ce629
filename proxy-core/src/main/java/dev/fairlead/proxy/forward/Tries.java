package dev.fairlead.proxy.forward;

import dev.fairlead.config.routing.Admission;
import dev.fairlead.config.routing.RetrySpec;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.upstream.UpstreamPool;
import java.time.Duration;
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
  private final Choice choice;
  private @Nullable Wait wait;
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
    this.choice = new Choice(route.cluster(), head, record.identity());
  }

  /** The one that was begun last. */
  @Nullable Attempt current() {
    return current;
  }

  /**
   * Begins the first one, now or when there is an endpoint for it.
   *
   * @param repeatable whether nothing of the request will be gone once it was sent
   * @return why none was begun, and none will be
   */
  @Nullable Failure first(boolean repeatable) {
    if (beginIfAny(repeatable)) {
      return null;
    }
    boolean busy = choice.isThereAny(failed);
    Failure none = busy ? Failure.BUSY : Failure.NO_ENDPOINT;
    Admission admission = choice.cluster().spec().policy().admission();
    Duration time = busy ? admission.patience() : admission.hold();
    if (!time.isPositive()) {
      return none;
    }
    Wait begun =
        new Wait(
            choice.cluster().waitingRoom(),
            admission.waiting(),
            client.eventLoop(),
            () -> {
              if (beginIfAny(repeatable)) {
                stopWaiting();
              }
            });
    wait = begun;
    return begun.begin(time, () -> exchange.noEndpoint(none)) ? null : none;
  }

  private boolean beginIfAny(boolean repeatable) {
    Endpoint endpoint = choice.next(failed, exchange.nanoTime());
    if (endpoint != null) {
      begin(endpoint, repeatable);
    }
    return endpoint != null;
  }

  /** Whether none was begun yet, and one will be when there is an endpoint. */
  boolean isWaiting() {
    return wait != null;
  }

  /** Nothing more is begun by itself. Any number of times. */
  void stopWaiting() {
    if (wait != null) {
      wait.end();
      wait = null;
    }
  }

  /**
   * Which endpoint a failed request is sent to next; null when it is not sent again.
   *
   * @param whole whether all that was sent of the request is still there
   */
  @Nullable Endpoint after(Attempt last, Throwable cause, boolean whole) {
    if (cause instanceof StreamResetException) {
      // The app's own word, and no sign that its connection was dead.
      return null;
    }
    boolean unprocessed = isUnprocessed(cause);
    // An old connection was dead, a new one may do.
    boolean same = unprocessed || last.stage() == Attempt.Stage.SENT_ON_REUSED;
    return another(last, last.stage(), unprocessed, whole, same ? last.endpoint() : null);
  }

  /**
   * The same for one that still waits, at an endpoint that says nothing any more.
   *
   * @param whole as of {@link #after(Attempt, Throwable, boolean)}
   */
  @Nullable Endpoint elsewhere(Attempt waiting, boolean whole) {
    return another(waiting, waiting.stage(), false, whole, null);
  }

  /**
   * The same for one that was answered with a status that may be as good as no answer.
   *
   * @param whole as of {@link #after(Attempt, Throwable, boolean)}
   */
  @Nullable Endpoint after(Attempt last, int status, boolean whole) {
    return retries().statuses().contains(status)
        ? another(last, Attempt.Stage.SENT, false, whole, null)
        : null;
  }

  /**
   * @param stage that counts
   * @param orElse what to take when no other endpoint is left
   */
  private @Nullable Endpoint another(
      Attempt last,
      Attempt.Stage stage,
      boolean unprocessed,
      boolean whole,
      @Nullable Endpoint orElse) {
    RetryPolicy.Verdict verdict =
        RetryPolicy.judge(
            stage, unprocessed, head.isIdempotent(), whole, count, retries().attempts());
    if (verdict == RetryPolicy.Verdict.NEVER) {
      return null;
    }
    List<Endpoint> more = new ArrayList<>(failed);
    more.add(last.endpoint());
    failed = more;
    Endpoint other = choice.next(failed, exchange.nanoTime());
    if (other == null && orElse != null && orElse.state().tryStart(0)) {
      other = orElse;
    }
    boolean free = verdict == RetryPolicy.Verdict.ALWAYS;
    if (other == null || free || choice.cluster().mayRetry(exchange.nanoTime())) {
      return other;
    }
    other.state().takeBack();
    return null;
  }

  private RetrySpec retries() {
    return route.spec().limits().retries();
  }

  private static boolean isUnprocessed(Throwable cause) {
    return cause instanceof UnprocessedException;
  }

  /**
   * Begins one at an endpoint that was chosen for it.
   *
   * @param repeatable as of {@link #first}
   */
  void begin(Endpoint endpoint, boolean repeatable) {
    count++;
    // After a failure nothing that may have died unnoticed is good enough.
    boolean fresh = !failed.isEmpty();
    UpstreamPool pool = context.pools().of(client.eventLoop());
    Attempt next =
        new Attempt(
            exchange,
            context.awaited().of(client.eventLoop()),
            pool,
            endpoint,
            choice.cluster(),
            head,
            exchange.nanoTime());
    current = next;
    exchange.chosen(choice.cookie(endpoint));
    record.attempt(endpoint.toString(), count);
    pool.acquire(
        endpoint,
        new UpstreamPool.Need(
            head.isIdempotent() && repeatable,
            fresh,
            route.spec().limits().connect().orElse(context.timeouts().connect()),
            endpoint.upstream().proxyProtocol() ? record.identity().connectionEnds() : null),
        next);
  }
}
