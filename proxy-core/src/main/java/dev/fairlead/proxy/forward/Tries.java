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

  /** When the wait began that is under way, and how long those before it were. */
  private long waitBeganNanos;

  private long waitedNanos;

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
    Admission admission = admission();
    Duration time = busy ? admission.patience() : admission.hold();
    return waits(time, none, repeatable) ? null : none;
  }

  /**
   * Waits for an endpoint, and begins there.
   *
   * @param time at most
   * @param tooLong how it ends when there is none in time
   * @return whether it waits, or has begun
   */
  private boolean waits(Duration time, Failure tooLong, boolean repeatable) {
    if (!time.isPositive()) {
      return false;
    }
    Wait begun =
        new Wait(
            choice.cluster().waitingRoom(),
            admission().waiting(),
            client.eventLoop(),
            () -> {
              if (beginIfAny(repeatable)) {
                stopWaiting();
              }
            });
    wait = begun;
    waitBeganNanos = exchange.nanoTime();
    if (begun.begin(time, () -> exchange.noEndpoint(tooLong))) {
      return true;
    }
    wait = null;
    return false;
  }

  private Admission admission() {
    return choice.cluster().spec().policy().admission();
  }

  private boolean beginIfAny(boolean repeatable) {
    Endpoint endpoint = choice.next(failed, exchange.nanoTime());
    if (endpoint != null) {
      begin(endpoint, repeatable);
    }
    return endpoint != null;
  }

  /** Whether none is under way, and one will be begun when there is an endpoint. */
  boolean isWaiting() {
    return wait != null;
  }

  /** Nothing more is begun by itself. Any number of times. */
  void stopWaiting() {
    if (wait != null) {
      wait.end();
      wait = null;
      waitedNanos += exchange.nanoTime() - waitBeganNanos;
    }
  }

  /**
   * Sends a failed request again, where that may be: now, or when there is room for it, for which
   * it waits as it did at first, and no longer in all.
   *
   * @param request all of which has to be there that was sent
   * @return whether it does
   */
  boolean again(Attempt last, Throwable cause, RequestBody request) {
    if (cause instanceof StreamResetException) {
      // The app's own word, and no sign that its connection was dead.
      return false;
    }
    boolean unprocessed = cause instanceof UnprocessedException;
    RetryPolicy.Verdict verdict = judge(last.stage(), unprocessed, request.isWhole());
    if (verdict == RetryPolicy.Verdict.NEVER) {
      return false;
    }
    // An old connection was dead, a new one may do.
    boolean same = unprocessed || last.stage() == Attempt.Stage.SENT_ON_REUSED;
    Endpoint next = besides(last, same ? last.endpoint() : null);
    if (next == null && !choice.isThereOneToWaitFor(failed, exchange.nanoTime())) {
      return false;
    }
    if (!isWithinBudget(verdict)) {
      takeBack(next);
      return false;
    }
    request.holdBack();
    if (next == null) {
      Duration left = admission().patience().minusNanos(waitedNanos);
      return waits(left, Failure.BUSY, request.isEnded());
    }
    begin(next, request.isEnded());
    return true;
  }

  /**
   * Which endpoint a request is sent to that still waits, at one that says nothing any more; null
   * when it goes on to wait there.
   *
   * @param whole whether all that was sent of the request is still there
   */
  @Nullable Endpoint elsewhere(Attempt waiting, boolean whole) {
    return another(waiting, waiting.stage(), whole);
  }

  /**
   * The same for one that was answered with a status that may be as good as no answer. It does not
   * wait: there is an answer.
   *
   * @param whole as of {@link #elsewhere}
   */
  @Nullable Endpoint after(Attempt last, int status, boolean whole) {
    return retries().statuses().contains(status) ? another(last, Attempt.Stage.SENT, whole) : null;
  }

  /**
   * @param stage that counts
   */
  private @Nullable Endpoint another(Attempt last, Attempt.Stage stage, boolean whole) {
    RetryPolicy.Verdict verdict = judge(stage, false, whole);
    if (verdict == RetryPolicy.Verdict.NEVER) {
      return null;
    }
    Endpoint other = besides(last, null);
    if (other == null || isWithinBudget(verdict)) {
      return other;
    }
    takeBack(other);
    return null;
  }

  private RetryPolicy.Verdict judge(Attempt.Stage stage, boolean unprocessed, boolean whole) {
    return RetryPolicy.judge(
        stage, unprocessed, head.isIdempotent(), whole, count, retries().attempts());
  }

  /**
   * Chooses another endpoint than those that failed, the last one among them.
   *
   * @param orElse what to take when no other endpoint is left
   */
  private @Nullable Endpoint besides(Attempt last, @Nullable Endpoint orElse) {
    List<Endpoint> more = new ArrayList<>(failed);
    more.add(last.endpoint());
    Endpoint other = choice.next(more, exchange.nanoTime());
    if (other == null && orElse != null) {
      if (!choice.again(orElse)) {
        // Others have taken its place; it is as good as any to wait for.
        return null;
      }
      other = orElse;
    }
    failed = more;
    return other;
  }

  private boolean isWithinBudget(RetryPolicy.Verdict verdict) {
    return verdict == RetryPolicy.Verdict.ALWAYS || choice.cluster().mayRetry(exchange.nanoTime());
  }

  private static void takeBack(@Nullable Endpoint endpoint) {
    if (endpoint != null) {
      endpoint.state().takeBack();
    }
  }

  private RetrySpec retries() {
    return route.spec().limits().retries();
  }

  /**
   * Begins one at an endpoint that was chosen for it.
   *
   * @param repeatable as of {@link #first}
   */
  void begin(Endpoint endpoint, boolean repeatable) {
    // After a failure nothing that may have died unnoticed is good enough.
    boolean fresh = count++ > 0;
    UpstreamPool pool = context.pools().of(client.eventLoop());
    Attempt next =
        new Attempt(
            exchange,
            context.attempts().of(client.eventLoop()),
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
