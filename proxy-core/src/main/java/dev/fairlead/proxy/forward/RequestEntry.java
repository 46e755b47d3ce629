package dev.fairlead.proxy.forward;

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
      route(client, head, record);
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

  // An unknown token may be the app's own: then it is routed like any other path.
  private void challenge(ClientStream client, RequestHead head, ExchangeRecord record) {
    context
        .challenges()
        .keyAuthorization(head.path().substring(CHALLENGE.length()))
        .whenComplete(
            (found, failure) -> {
              Runnable next =
                  () -> {
                    if (failure == null && found.isPresent()) {
                      local(client, record, LocalResponse.keyAuthorization(found.get()), head);
                    } else {
                      route(client, head, record);
                    }
                  };
              if (client.eventLoop().inEventLoop()) {
                next.run();
              } else {
                client.eventLoop().execute(next);
              }
            });
  }

  private void route(ClientStream client, RequestHead head, ExchangeRecord record) {
    boolean secure = client.client().secure();
    Snapshot snapshot = context.snapshots().current();
    if (snapshot == null) {
      answer(
          client, record, Failure.NOT_READY, head.headers().get(FieldName.ACCEPT), head.method());
      return;
    }
    Route route = snapshot.routes().find(head.host(), head.path());
    if (route == null || (secure && route.spec().tls() == TlsMode.OFF)) {
      answer(
          client, record, Failure.NOT_FOUND, head.headers().get(FieldName.ACCEPT), head.method());
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
