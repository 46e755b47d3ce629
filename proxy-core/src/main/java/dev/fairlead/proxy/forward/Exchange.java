package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.deadline.DeadlineQueue;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
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
  private final ExchangeRecord record;
  private final DeadlineQueue progress;
  private final ProgressDeadline deadline;
  private List<Endpoint> tried = List.of();

  private @Nullable Attempt attempt;
  private @Nullable BodyRelay request;
  private @Nullable BodyRelay response;
  private int attempts;
  private int informational;
  private boolean bodyBegun;
  private boolean requestEnded;
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
    this.upstreamHead =
        FieldRules.toUpstream(head, record.identity(), route.forwardedPath(head.path()));
    this.requestEnded = !head.hasBody();
    this.progress = context.deadlines().of(client.eventLoop()).progress();
    this.deadline = ProgressDeadline.start(progress, this::stalled);
  }

  void start() {
    client.listener(this);
    record.route(route.spec().name());
    attempt(false);
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
        .acquire(endpoint, head.isIdempotent() && requestEnded, fresh, next);
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
    // Reads the body; where there is none, notices that the client leaves.
    client.resume();
  }

  /** The head has what can't stand in HTTP/1.1: nothing of it was written. */
  void unsendable(Throwable cause) {
    record.detail(cause);
    answer(Failure.BAD_REQUEST);
  }

  void attemptFailed(Attempt failed, Throwable cause) {
    if (over) {
      return;
    }
    record.detail(cause);
    if (RetryPolicy.mayRetry(failed.stage(), head, bodyBegun, attempts)) {
      tried = plus(tried, failed.endpoint());
      client.pause();
      attempt(failed.stage() == Attempt.Stage.SENT_ON_REUSED);
    } else if (failed.stage() == Attempt.Stage.ANSWERED) {
      client.abort();
      finish();
    } else {
      answer(
          failed.stage() == Attempt.Stage.CONNECTING ? Failure.UNREACHABLE : Failure.BAD_GATEWAY);
    }
  }

  void responseHead(ResponseHead received) {
    deadline.touch();
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
    relay(response).data(data);
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
    relay(request).data(data);
  }

  @Override
  public void dataPaused() {
    if (!over && bodyBegun && request != null) {
      request.dataPaused();
    }
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (!over) {
      requestEnded = true;
      // HTTP/2 tells the end of a request without a body, too; nothing of that one is gone.
      bodyBegun |= head.hasBody();
      relay(request).end(trailers);
    }
  }

  @Override
  public void writable() {
    if (!over && response != null) {
      deadline.touch();
      response.writable();
    }
  }

  @Override
  public void aborted(Throwable cause) {
    if (!over) {
      record.detail(cause);
      cancelAttempt();
      finish();
    }
  }

  // ---- ends

  private void switchProtocols(ResponseHead switching) {
    String protocol = switching.headers().get("upgrade");
    Attempt current = attempt;
    // Only what the client asked for: it is no protocol that is HTTP again (RFC 9110 §7.8).
    if (protocol == null || !protocol.equalsIgnoreCase(head.upgrade()) || current == null) {
      refuseResponse();
      return;
    }
    FieldRules.toClient(switching.headers());
    record.identity().toClient(switching.headers());
    switching.headers().add("Connection", "Upgrade").add("Upgrade", protocol);
    Channel clientChannel = client.switchProtocols(switching);
    over = true;
    deadline.cancel();
    record.answered(101);
    Channel upstreamChannel = current.switchProtocols();
    new Tunnel(clientChannel, upstreamChannel, progress)
        .start(
            tunnel -> {
              current.finish();
              record.bytes(tunnel.bytesFromClient(), tunnel.bytesToClient());
              record.end();
            });
  }

  // The endpoint's head can't be passed on. Nothing of it was written.
  private void refuseResponse() {
    cancelAttempt();
    answer(Failure.BAD_GATEWAY);
  }

  // Nothing moved for too long.
  private void stalled() {
    Attempt current = attempt;
    boolean answered = current != null && current.stage() == Attempt.Stage.ANSWERED;
    cancelAttempt();
    if (answered) {
      client.abort();
      finish();
    } else {
      boolean clientStalls = !requestEnded && (request == null || !request.isStopped());
      answer(clientStalls ? Failure.REQUEST_TIMEOUT : Failure.GATEWAY_TIMEOUT);
    }
  }

  private void answer(Failure failure) {
    record.answered(failure.status());
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
