package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.http.Identity;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.RequestHead;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Gathers what the access log will say of one exchange. Event loop only. */
final class ExchangeRecord {

  private final AccessLog log;
  private final LongSupplier nanoTime;
  private final ClientInfo client;
  private final Identity identity;
  private final long startNanos;

  private @Nullable RequestHead head;
  private @Nullable String route;
  private @Nullable String endpoint;
  private @Nullable String detail;
  private int status;
  private int attempts;
  private long requestBytes;
  private long responseBytes;

  ExchangeRecord(AccessLog log, LongSupplier nanoTime, ClientInfo client, Identity identity) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.client = client;
    this.identity = identity;
    this.startNanos = nanoTime.getAsLong();
  }

  Identity identity() {
    return identity;
  }

  /** The request could be read. */
  void head(RequestHead newHead) {
    head = newHead;
  }

  void route(String name) {
    route = name;
  }

  void attempt(String address, int count) {
    endpoint = address;
    attempts = count;
  }

  void answered(int newStatus) {
    status = newStatus;
  }

  void detail(Throwable cause) {
    String message = cause.getMessage();
    detail(message == null ? cause.getClass().getSimpleName() : message);
  }

  void detail(String cause) {
    detail = cause;
  }

  /** An endpoint answered: what failed before it is of no interest. */
  void noDetail() {
    detail = null;
  }

  void bytes(long ofRequest, long ofResponse) {
    requestBytes = ofRequest;
    responseBytes = ofResponse;
  }

  void end() {
    RequestHead of = head;
    log.ended(
        new AccessLog.Entry(
            identity.visitor().address(),
            client.secure(),
            of == null ? null : of.method(),
            of == null ? null : of.host(),
            of == null ? null : of.path(),
            status,
            requestBytes,
            responseBytes,
            Duration.ofNanos(nanoTime.getAsLong() - startNanos),
            route,
            endpoint,
            attempts,
            detail,
            identity.requestId(),
            identity.traceId()));
  }
}
