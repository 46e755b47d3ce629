package dev.fairlead.proxy.forward;

import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.HeadTooLargeException;
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
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from its route to its last byte: joins the client's stream and that
 * of an endpoint, and ends in exactly one place, {@link #finish}. Which endpoint that is decide the
 * {@link Tries}, what the client sees of its answer {@link ResponseHeads}, and what takes too long
 * {@link Progress}. Event loop only.
 */
final class Exchange implements StreamListener {

  private final ForwardContext context;
  private final ClientStream client;
  private final RequestHead head;
  private final Route route;
  private final ExchangeRecord record;
  private final Tries tries;
  private final ResponseHeads heads;
  private final Progress progress;
  private final RequestBody request;
  private @Nullable BodyRelay response;

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
    this.record = record;
    RouteLimits limits = route.spec().limits();
    RequestHead upstreamHead =
        FieldRules.toUpstream(head, record.identity(), route.forwardedPath(head.path()));
    WebSocketHandshake handshake =
        head.upgrade() != null && head.version() == Version.HTTP_2
            ? WebSocketHandshake.begin(upstreamHead.headers())
            : null;
    this.tries = new Tries(context, this, client, upstreamHead, route, record);
    boolean repeatable =
        head.isIdempotent() || route.cluster().spec().upstream().scheme().isHttp2();
    this.request =
        new RequestBody(
            client,
            head.hasBody(),
            limits.bodyBytes().orElse(Long.MAX_VALUE),
            new SentBody(repeatable ? limits.retries().bodyBytes() : 0, context.bodies()));
    this.heads = new ResponseHeads(client, head, handshake, record);
    this.progress = Progress.begin(this, client, limits, context);
  }

  void start() {
    client.listener(this);
    record.route(route.spec().name());
    if (head.contentLength() > route.spec().limits().bodyBytes().orElse(Long.MAX_VALUE)) {
      bodyIsTooLarge();
    } else {
      Failure none = tries.first(request.isEnded());
      if (none != null) {
        answer(none);
      }
    }
  }

  long nanoTime() {
    return context.nanoTime().getAsLong();
  }

  // ---- the endpoint's side

  /** There is none, and whoever waited for one has waited long enough. */
  void noEndpoint(Failure failure) {
    if (!over) {
      answer(failure);
    }
  }

  /** One was chosen; the client is told by a cookie, if it is to stay there. */
  void chosen(@Nullable String cookie) {
    progress.touch();
    heads.cookie(cookie);
  }

  /** The head is on its way. */
  void sent(UpstreamStream upstream) {
    progress.touch();
    response = new BodyRelay(upstream, client);
    request.flowTo(upstream);
    Attempt attempt = tries.current();
    boolean goesOn = attempt != null && attempt.isAt(upstream);
    if (goesOn && head.upgrade() == null && !request.isStopped()) {
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
    // Nobody waits for the client while its request waits.
    progress.noRequestIsDue();
    if (tries.again(failed, cause, request)) {
      return;
    }
    if (failed.stage() == Attempt.Stage.ANSWERED) {
      client.abort(cause);
      finish();
    } else {
      answer(
          failed.stage() == Attempt.Stage.CONNECTING ? Failure.UNREACHABLE : Failure.BAD_GATEWAY);
    }
  }

  /**
   * Whether another endpoint is asked, as one answered with a status that is as good as nothing.
   */
  boolean triesAnother(Attempt answered, int status) {
    Endpoint next = tries.after(answered, status, request.isWhole());
    if (next == null) {
      return false;
    }
    record.detail("%s answered with %d".formatted(answered.endpoint(), status));
    answered.cancel();
    tryAgain(next);
    return true;
  }

  /**
   * An attempt waits for an endpoint that says nothing any more: another is asked if that may be.
   */
  void doubts(Attempt attempt) {
    Endpoint next = tries.elsewhere(attempt, request.isWhole());
    if (next != null) {
      record.detail(attempt.endpoint() + " says nothing any more");
      attempt.giveUp();
      tryAgain(next);
    }
  }

  private void tryAgain(Endpoint endpoint) {
    request.holdBack();
    tries.begin(endpoint, request.isEnded());
  }

  void responseHead(ResponseHead received) {
    progress.touch();
    if (!received.isInformational()) {
      request.forget();
      // Who has an answer may send the rest as it likes: the two may talk.
      progress.noRequestIsDue();
    }
    switch (heads.pass(received)) {
      case SWITCHED -> switchProtocols();
      case REFUSED -> {
        cancelAttempt();
        answer(Failure.BAD_GATEWAY);
      }
      case INFORMED, ANSWERED -> {}
    }
  }

  void responseData(ByteBuf data) {
    progress.touch();
    BodyRelay to = relay(response);
    to.data(data);
    if (to.isStopped() && !over) {
      progress.responseWaits();
    }
  }

  void responsePaused() {
    client.flush();
  }

  void responseEnd(@Nullable Headers trailers) {
    relay(response).end(trailers);
    Attempt attempt = tries.current();
    if (!request.isEnded() && attempt != null) {
      // Answered before it was asked to the end: the rest of the body has nowhere to go.
      attempt.cancelConnection();
    }
    finish();
  }

  void upstreamWritable() {
    progress.touch();
    request.writable();
  }

  // ---- the client's side

  @Override
  public void data(ByteBuf data) {
    if (over) {
      data.release();
      return;
    }
    progress.touch();
    switch (request.data(data)) {
      case TOO_LARGE -> bodyIsTooLarge();
      case LOST -> giveUp(Failure.BAD_GATEWAY);
      case TAKEN -> {
        if (request.isStopped()) {
          progress.noRequestIsDue();
        }
      }
    }
  }

  @Override
  public void dataPaused() {
    if (!over && request.hasBegun()) {
      request.dataPaused();
      if (!request.isEnded() && !request.isStopped() && !isAnswered()) {
        progress.requestIsDue();
      }
    }
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (!over) {
      progress.noRequestIsDue();
      request.end(trailers);
    }
  }

  @Override
  public void writable() {
    if (!over && response != null && response.isStopped() && client.isWritable()) {
      // First, for it may stop again at once, and then the client has a whole turn.
      progress.responseIsTaken();
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

  private void switchProtocols() {
    Attempt attempt = tries.current();
    if (!over && attempt != null) {
      switched = true;
      request.goOn();
      progress.switchProtocols();
      attempt.switchProtocols();
      client.resume();
    }
  }

  /** Nothing moved for too long, as far as could be seen from here. */
  void stalled() {
    if (tries.isWaiting()) {
      // That has a limit of its own.
      progress.again();
      return;
    }
    if (request.isTaking(progress.length())) {
      progress.again();
      return;
    }
    boolean clientStalls = !request.isEnded() && !request.isStopped();
    Attempt attempt = tries.current();
    if (!clientStalls && attempt != null && !isAnswered()) {
      attempt.giveUp();
    }
    giveUp(clientStalls ? Failure.REQUEST_TIMEOUT : Failure.GATEWAY_TIMEOUT);
  }

  /** The client was waited for. */
  void clientIsSlow() {
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
    Attempt attempt = tries.current();
    return attempt != null && attempt.stage() == Attempt.Stage.ANSWERED;
  }

  private void answer(Failure failure) {
    record.answered(failure.status());
    if (!request.isEnded()) {
      client.decline();
    }
    LocalAnswer.write(client, record.identity(), head, failure);
    finish();
  }

  private void cancelAttempt() {
    Attempt attempt = tries.current();
    if (attempt != null) {
      attempt.cancel();
    }
  }

  /** The one place where an exchange ends. */
  private void finish() {
    if (!over) {
      over = true;
      tries.stopWaiting();
      progress.end();
      request.forget();
      record.bytes(request.bytes(), response == null ? 0 : response.bytes());
      record.end();
    }
  }

  private static BodyRelay relay(@Nullable BodyRelay relay) {
    if (relay == null) {
      throw new IllegalStateException("bytes came before the request was sent");
    }
    return relay;
  }
}
