package dev.fairlead.proxy.forward;

import dev.fairlead.config.routing.MinimumRate;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.HeadTooLargeException;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.deadline.DeadlineQueue;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from its route to its last byte: chooses endpoints, joins the two
 * streams, and ends in exactly one place, {@link #finish}. Event loop only.
 */
final class Exchange implements StreamListener {

  /** Nothing stops an app that sends more of them than the client reads. */
  private static final int MAX_INFORMATIONAL = 16;

  private final ForwardContext context;
  private final ClientStream client;
  private final RequestHead head;
  private final RequestHead upstreamHead;
  private final Route route;
  private final RouteLimits limits;
  private final ExchangeRecord record;
  private final long maxBody;
  private final DeadlineQueue progress;
  private final ProgressDeadline deadline;
  private final @Nullable WebSocketHandshake handshake;
  private List<Endpoint> tried = List.of();

  private @Nullable Attempt attempt;
  private @Nullable BodyRelay request;
  private @Nullable BodyRelay response;
  private @Nullable ClientWatch watch;
  private int attempts;
  private int informational;
  private boolean bodyBegun;
  private boolean requestEnded;

  /** Both sides speak another protocol now: of its end, either side's is the usual one. */
  private boolean switched;

  private boolean over;

  Exchange(
      ForwardContext context,
      ClientStream client,
      RequestHead head,
      Route route,
      ExchangeRecord record) {
    this.context = context;
    this.client = client;
    this.head = head;
    this.route = route;
    this.limits = route.spec().limits();
    this.record = record;
    this.upstreamHead =
        FieldRules.toUpstream(head, record.identity(), route.forwardedPath(head.path()));
    this.handshake =
        head.upgrade() != null && head.version() == Version.HTTP_2
            ? WebSocketHandshake.begin(upstreamHead.headers())
            : null;
    this.requestEnded = !head.hasBody();
    this.maxBody = limits.bodyBytes().orElse(Long.MAX_VALUE);
    Deadlines.OfLoop queues = context.deadlines().of(client.eventLoop());
    Duration ownIdle = limits.idle().orElse(null);
    this.progress = ownIdle == null ? queues.progress() : queues.progress(ownIdle);
    this.deadline = ProgressDeadline.start(progress, this::stalled);
  }

  void start() {
    client.listener(this);
    record.route(route.spec().name());
    if (head.contentLength() > maxBody) {
      bodyIsTooLarge();
    } else {
      attempt(false);
    }
  }

  private void attempt(boolean sameEndpointAllowed) {
    long now = nanoTime();
    Endpoint endpoint = route.cluster().pick(tried, now);
    if (endpoint == null && sameEndpointAllowed) {
      // The only one there is: its old connection was dead, a new one may do.
      endpoint = tried.getLast();
    }
    if (endpoint == null) {
      answer(tried.isEmpty() ? Failure.NO_ENDPOINT : Failure.UNREACHABLE);
      return;
    }
    attempts++;
    // After a failure nothing that may have died unnoticed is good enough.
    boolean fresh = !tried.isEmpty();
    Attempt next = new Attempt(this, endpoint, upstreamHead, now);
    attempt = next;
    record.attempt(endpoint.toString(), attempts);
    context
        .pools()
        .of(client.eventLoop())
        .acquire(
            endpoint,
            new UpstreamPool.Need(
                head.isIdempotent() && requestEnded,
                fresh,
                limits.connect().orElse(context.timeouts().connect()),
                endpoint.upstream().proxyProtocol() ? record.identity().connectionEnds() : null),
            next);
  }

  long nanoTime() {
    return context.nanoTime().getAsLong();
  }

  // ---- the endpoint's side

  /** The head is on its way. */
  void sent(UpstreamStream upstream) {
    deadline.touch();
    request = new BodyRelay(client, upstream);
    response = new BodyRelay(upstream, client);
    if (head.upgrade() == null) {
      // Reads the body; where there is none, notices that the client leaves.
      client.resume();
    }
  }

  /** The head has what can't be said to the endpoint: nothing of it was written. */
  void unsendable(Throwable cause) {
    record.detail(cause);
    answer(
        cause instanceof HeadTooLargeException ? Failure.HEADERS_TOO_LARGE : Failure.BAD_REQUEST);
  }

  void attemptFailed(Attempt failed, Throwable cause) {
    if (over) {
      return;
    }
    record.detail(cause);
    boolean unprocessed = cause instanceof UnprocessedException;
    // A reset is the app's own word, and no sign that its connection was dead.
    boolean died = !(cause instanceof StreamResetException);
    if (died && RetryPolicy.mayRetry(failed.stage(), unprocessed, head, bodyBegun, attempts)) {
      tried = plus(tried, failed.endpoint());
      client.pause();
      attempt(unprocessed || failed.stage() == Attempt.Stage.SENT_ON_REUSED);
    } else if (failed.stage() == Attempt.Stage.ANSWERED) {
      client.abort(cause);
      finish();
    } else {
      answer(
          failed.stage() == Attempt.Stage.CONNECTING ? Failure.UNREACHABLE : Failure.BAD_GATEWAY);
    }
  }

  void responseHead(ResponseHead received) {
    deadline.touch();
    if (watch != null && !received.isInformational()) {
      // Who has an answer may send the rest as it likes: the two may talk.
      watch.noRequestIsDue();
    }
    try {
      if (received.status() == 101) {
        switchProtocols(received);
      } else if (received.isInformational()) {
        if (++informational > MAX_INFORMATIONAL) {
          refuseResponse();
          return;
        }
        FieldRules.toClient(received.headers());
        client.inform(received);
      } else if (handshake != null && received.status() < 300) {
        // The client of HTTP/2 would take it for the agreement (RFC 8441 §5).
        refuseResponse();
      } else {
        FieldRules.toClient(received.headers());
        record.identity().toClient(received.headers());
        client.respond(received);
        record.answered(received.status());
        record.noDetail();
      }
    } catch (IllegalArgumentException notForTheWire) {
      record.detail(notForTheWire);
      refuseResponse();
    }
  }

  void responseData(ByteBuf data) {
    deadline.touch();
    BodyRelay to = relay(response);
    to.data(data);
    if (to.isStopped() && !over) {
      deadline.cancel();
      watch().awaitTaking();
    }
  }

  void responsePaused() {
    client.flush();
  }

  void responseEnd(@Nullable Headers trailers) {
    relay(response).end(trailers);
    if (!requestEnded && attempt != null) {
      // Answered before it was asked to the end: the rest of the body has nowhere to go.
      attempt.cancelConnection();
    }
    finish();
  }

  void upstreamWritable() {
    deadline.touch();
    if (request != null) {
      request.writable();
    }
  }

  // ---- the client's side

  @Override
  public void data(ByteBuf data) {
    if (over) {
      data.release();
      return;
    }
    bodyBegun = true;
    deadline.touch();
    BodyRelay to = relay(request);
    if (data.readableBytes() > maxBody - to.bytes()) {
      data.release();
      bodyIsTooLarge();
      return;
    }
    to.data(data);
    if (watch != null && to.isStopped()) {
      watch.noRequestIsDue();
    }
  }

  @Override
  public void dataPaused() {
    if (!over && bodyBegun && request != null) {
      request.dataPaused();
      if (!requestEnded && !request.isStopped() && !isAnswered() && !minRate().isAny()) {
        watch().awaitRequest();
      }
    }
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (!over) {
      requestEnded = true;
      if (watch != null) {
        watch.noRequestIsDue();
      }
      // HTTP/2 tells the end of a request without a body, too; nothing of that one is gone.
      bodyBegun |= head.hasBody();
      relay(request).end(trailers);
    }
  }

  @Override
  public void writable() {
    if (!over && response != null && response.isStopped() && client.isWritable()) {
      // First, for it may stop again at once, and then the client has a whole turn.
      watch().hasTaken();
      progress.set(deadline);
      response.writable();
    }
  }

  @Override
  public void aborted(Throwable cause) {
    if (!over) {
      if (!switched) {
        record.detail(cause);
      }
      cancelAttempt();
      finish();
    }
  }

  // ---- ends

  private void switchProtocols(ResponseHead switching) {
    String protocol = switching.headers().get("upgrade");
    Attempt current = attempt;
    // Only what the client asked for: it is no protocol that is HTTP again (RFC 9110 §7.8).
    if (protocol == null
        || !protocol.equalsIgnoreCase(head.upgrade())
        || current == null
        || (handshake != null && !handshake.isAgreed(switching.headers()))) {
      refuseResponse();
      return;
    }
    FieldRules.toClient(switching.headers());
    record.identity().toClient(switching.headers());
    if (handshake == null) {
      switching.headers().add("Connection", "Upgrade").add("Upgrade", protocol);
    }
    record.answered(handshake == null ? 101 : 200);
    record.noDetail();
    client.switchProtocols(switching);
    if (!over) {
      switched = true;
      requestEnded = false;
      current.switchProtocols();
      client.resume();
    }
  }

  // The endpoint's head can't be passed on. Nothing of it was written.
  private void refuseResponse() {
    cancelAttempt();
    answer(Failure.BAD_GATEWAY);
  }

  // Nothing moved for too long, as far as could be seen from here.
  private void stalled() {
    if (request != null && request.isTaking(progress.length())) {
      progress.set(deadline);
      return;
    }
    boolean clientStalls = !requestEnded && (request == null || !request.isStopped());
    giveUp(clientStalls ? Failure.REQUEST_TIMEOUT : Failure.GATEWAY_TIMEOUT);
  }

  private void clientIsSlow() {
    record.detail("the client was waited for and moved too little (limits.min-rate)");
    giveUp(Failure.REQUEST_TIMEOUT);
  }

  // As soon as it is known, so that no app sees a whole one.
  private void bodyIsTooLarge() {
    record.detail("the body of the request is larger than limit.body");
    giveUp(Failure.CONTENT_TOO_LARGE);
  }

  private void giveUp(Failure unanswered) {
    boolean answered = isAnswered();
    cancelAttempt();
    if (answered) {
      client.abort(null);
      finish();
    } else {
      answer(unanswered);
    }
  }

  private boolean isAnswered() {
    return attempt != null && attempt.stage() == Attempt.Stage.ANSWERED;
  }

  private ClientWatch watch() {
    if (watch == null) {
      // Whatever another protocol is about: it lives as long as it moves.
      long bytes = switched ? 1 : minRate().bytesIn(progress.length());
      watch = new ClientWatch(client, progress, bytes, this::clientIsSlow);
    }
    return watch;
  }

  private MinimumRate minRate() {
    return limits.minRate().orElse(context.limits().minRate());
  }

  private void answer(Failure failure) {
    record.answered(failure.status());
    if (!requestEnded) {
      client.decline();
    }
    LocalAnswer.write(client, record.identity(), head, failure);
    finish();
  }

  private void cancelAttempt() {
    if (attempt != null) {
      attempt.cancel();
    }
  }

  /** The one place where an exchange ends. */
  private void finish() {
    if (!over) {
      over = true;
      deadline.cancel();
      if (watch != null) {
        watch.end();
      }
      record.bytes(request == null ? 0 : request.bytes(), response == null ? 0 : response.bytes());
      record.end();
    }
  }

  private static List<Endpoint> plus(List<Endpoint> endpoints, Endpoint one) {
    List<Endpoint> more = new ArrayList<>(endpoints);
    more.add(one);
    return more;
  }

  private static BodyRelay relay(@Nullable BodyRelay relay) {
    if (relay == null) {
      throw new IllegalStateException("bytes came before the request was sent");
    }
    return relay;
  }
}
