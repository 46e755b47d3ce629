package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.ForwardedSettings.NewTrace;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Visitor;

/**
 * Finds out of each request who asks, and what it is called. Thread-safe.
 *
 * @see Identity
 */
public final class Identification {

  /** Bytes of an {@code X-Request-Id} at most; a longer one is made anew. */
  private static final int MAX_ID = 128;

  private final TrustSettings trust;
  private final ForwardedSettings forwarded;
  private final RequestIds ids = RequestIds.random();

  /**
   * @param trust whom is believed what they say of others
   * @param forwarded what apps are told
   */
  public Identification(TrustSettings trust, ForwardedSettings forwarded) {
    this.trust = trust;
    this.forwarded = forwarded;
  }

  /**
   * Of a request with these fields; to be asked before any of them is removed. A trace context that
   * is not valid is removed.
   */
  public Identity of(Headers headers, ClientInfo client) {
    Identity identity = new Identity(forwarded.header(), client, visitor(headers, client));
    boolean given = client.trusted() && isIdGiven(headers);
    if (given) {
      identity.id(headers, headers.find(FieldName.X_REQUEST_ID));
    }
    int parent = TraceContext.clean(headers);
    if (parent >= 0) {
      identity.trace(headers, parent);
    }
    boolean newTrace = parent < 0 && forwarded.newTrace() != NewTrace.OFF;
    if (newTrace || !given) {
      made(identity, given, newTrace);
    }
    return identity;
  }

  /** Of what could not be read. */
  public Identity ofUnreadable(ClientInfo client) {
    Identity identity = new Identity(forwarded.header(), client, client.visitor());
    made(identity, false, false);
    return identity;
  }

  // What is new of the two is the same for both: one thing to look for.
  private void made(Identity identity, boolean given, boolean newTrace) {
    byte[] traceParent = ids.next();
    if (!given) {
      identity.id(traceParent);
    }
    if (newTrace) {
      traceParent[TraceContext.LENGTH - 1] =
          (byte) (forwarded.newTrace() == NewTrace.SAMPLED ? '1' : '0');
      identity.newTrace(traceParent);
    }
  }

  private Visitor visitor(Headers headers, ClientInfo client) {
    if (!client.trusted()) {
      return client.visitor();
    }
    return switch (trust.header()) {
      case X_FORWARDED -> XForwarded.read(headers, client, trust);
      case FORWARDED -> Forwarded.read(headers, client, trust);
    };
  }

  // Once, and what stands in logs and addresses without harm.
  private static boolean isIdGiven(Headers headers) {
    int field = headers.find(FieldName.X_REQUEST_ID);
    if (field < 0 || headers.hasSeveral(FieldName.X_REQUEST_ID)) {
      return false;
    }
    int length = headers.valueLength(field);
    int at = headers.valueAt(field);
    for (int i = at; i < at + length; i++) {
      if (!isOfId(headers.block()[i])) {
        return false;
      }
    }
    return length > 0 && length <= MAX_ID;
  }

  private static boolean isOfId(byte c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~+/=:@".indexOf(c) >= 0;
  }
}
