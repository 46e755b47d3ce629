package dev.fairlead.proxy.forward;

import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.Identity;
import dev.fairlead.proxy.http.LocalResponse;
import dev.fairlead.proxy.http.RejectedRequest;
import dev.fairlead.proxy.http.RequestRules;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.route.RouteTable;
import dev.fairlead.proxy.snapshot.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * What every request passes, in this order: who asks, rules, ACME challenge, route, redirect; then
 * it is forwarded. Event loop only; the snapshot is read once.
 */
public final class RequestEntry implements RequestHandler {

  private static final String CHALLENGE = "/.well-known/acme-challenge/";

  private final ForwardContext context;

  public RequestEntry(ForwardContext context) {
    this.context = context;
  }

  @Override
  public void handle(ClientStream client, RawRequest raw) {
    ExchangeRecord record =
        record(client, context.identification().of(raw.headers(), client.client()));
    RequestHead head;
    try {
      head = RequestRules.check(raw, client.client());
    } catch (RejectedRequest rejected) {
      record.detail(rejected);
      answer(client, record, rejected.failure(), raw.headers().get(FieldName.ACCEPT), raw.method());
      return;
    }
    record.head(head);
    if (!client.client().secure() && head.path().startsWith(CHALLENGE)) {
      challenge(client, head, record);
    } else {
      route(client, head, record, context.snapshots().current());
    }
  }

  @Override
  public void refuse(ClientStream client, Failure failure) {
    ExchangeRecord record = record(client, context.identification().ofUnreadable(client.client()));
    answer(client, record, failure, null, "");
  }

  private ExchangeRecord record(ClientStream client, Identity identity) {
    return new ExchangeRecord(context.log(), context.nanoTime(), client.client(), identity);
  }

  private void challenge(ClientStream client, RequestHead head, ExchangeRecord record) {
    context
        .challenges()
        .keyAuthorization(head.host(), head.path().substring(CHALLENGE.length()))
        .exceptionally(_ -> new HttpChallenges.Unknown())
        .thenAccept(
            answer -> {
              Runnable next = () -> challenge(client, head, record, answer);
              if (client.eventLoop().inEventLoop()) {
                next.run();
              } else {
                client.eventLoop().execute(next);
              }
            });
  }

  private void challenge(
      ClientStream client, RequestHead head, ExchangeRecord record, HttpChallenges.Answer answer) {
    Snapshot snapshot = context.snapshots().current();
    switch (answer) {
      case HttpChallenges.Known(String text) ->
          local(client, record, LocalResponse.keyAuthorization(text), head);
      // It may be the app's own: then it is routed like any other path.
      case HttpChallenges.None _ -> route(client, head, record, snapshot);
      case HttpChallenges.Unknown _ -> {
        if (snapshot == null || mayBeOurs(head.host(), snapshot.routes())) {
          answer(client, record, Failure.CHALLENGE_UNKNOWN, head);
        } else {
          route(client, head, record, snapshot);
        }
      }
    }
  }

  /**
   * Whether a CA may be asking. Of a host that is not known here another instance may know more,
   * and no app is kept from its answer.
   */
  private static boolean mayBeOurs(String host, RouteTable routes) {
    return !routes.knows(host) || routes.any(host, RequestEntry::isShownByHttp);
  }

  // A wildcard is shown by DNS, unless its names get certificates of their own.
  private static boolean isShownByHttp(RouteSpec route) {
    return route.tls() == TlsMode.ACME
        && (!route.host().wildcard() || route.onDemand().isPresent());
  }

  private void route(
      ClientStream client, RequestHead head, ExchangeRecord record, @Nullable Snapshot snapshot) {
    boolean secure = client.client().secure();
    if (snapshot == null) {
      answer(client, record, Failure.NOT_READY, head);
      return;
    }
    Route route = snapshot.routes().find(head.host(), head.path());
    if (route == null || (secure && route.spec().tls() == TlsMode.OFF)) {
      answer(client, record, Failure.NOT_FOUND, head);
    } else if (!secure && !record.identity().visitor().secure() && route.spec().redirectToHttps()) {
      local(client, record, LocalResponse.redirectToHttps(head, context.publicHttpsPort()), head);
    } else {
      new Exchange(context, client, head, route, record).start();
    }
  }

  private static void local(
      ClientStream client, ExchangeRecord record, LocalResponse response, RequestHead head) {
    record.answered(response.head().status());
    LocalAnswer.write(client, record.identity(), response, head.method().equals("HEAD"));
    record.end();
  }

  private static void answer(
      ClientStream client, ExchangeRecord record, Failure failure, RequestHead head) {
    answer(client, record, failure, head.headers().get(FieldName.ACCEPT), head.method());
  }

  private static void answer(
      ClientStream client,
      ExchangeRecord record,
      Failure failure,
      @Nullable String accept,
      String method) {
    record.answered(failure.status());
    Identity identity = record.identity();
    LocalResponse response = LocalResponse.of(failure, accept, identity.requestId());
    LocalAnswer.write(client, identity, response, method.equals("HEAD"));
    record.end();
  }
}
