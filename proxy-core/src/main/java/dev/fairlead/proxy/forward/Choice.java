package dev.fairlead.proxy.forward;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.http.Cookies;
import dev.fairlead.proxy.http.Identity;
import dev.fairlead.proxy.http.RequestKey;
import dev.fairlead.proxy.message.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses endpoints for one request: the one that its client stays with, or one of the balancer's;
 * with room for one more request. Always from the endpoints there are now, so that a task that is
 * to stop is given nothing more. Event loop only.
 */
final class Choice {

  private final Cluster cluster;
  private final RequestHead head;
  private final Identity identity;
  private final @Nullable String token;

  /**
   * @param cluster that the request's route led to
   * @param head as endpoints get it
   */
  Choice(Cluster cluster, RequestHead head, Identity identity) {
    this.cluster = cluster;
    this.head = head;
    this.identity = identity;
    this.token =
        cluster
            .spec()
            .policy()
            .sticky()
            .map(cookie -> Cookies.find(head.headers(), cookie))
            .orElse(null);
  }

  /** The cluster as it is now. */
  Cluster cluster() {
    return cluster.current();
  }

  /**
   * Chooses one, which is given the request: it counts there.
   *
   * @param failed not these
   * @return null when there is none, or none with room
   */
  @Nullable Endpoint next(List<Endpoint> failed, long nowNanos) {
    Cluster now = cluster();
    ClusterPolicy policy = now.spec().policy();
    int limit = policy.admission().inFlight();
    Endpoint own = own(now, failed);
    if (own != null) {
      // It moves only when its own is gone: for room there it waits.
      return own.state().tryStart(limit) ? own : null;
    }
    int key = key(policy);
    Endpoint picked = now.pick(failed, nowNanos, key);
    List<Endpoint> passed = failed;
    while (picked != null && !picked.state().tryStart(limit)) {
      passed = new ArrayList<>(passed);
      passed.add(picked);
      picked = now.pick(passed, nowNanos, key);
    }
    return picked;
  }

  /** Chooses this one, if it has room. */
  boolean again(Endpoint endpoint) {
    return endpoint.state().tryStart(cluster().spec().policy().admission().inFlight());
  }

  /** Whether there would be one to choose but these, if it had room. */
  boolean isThereOneToWaitFor(List<Endpoint> failed, long nowNanos) {
    Cluster now = cluster();
    return own(now, failed) != null || now.pick(failed, nowNanos, key(now.spec().policy())) != null;
  }

  private @Nullable Endpoint own(Cluster now, List<Endpoint> failed) {
    Endpoint own = token == null ? null : now.byToken(token);
    return own != null && own.state().serves() && !failed.contains(own) ? own : null;
  }

  private int key(ClusterPolicy policy) {
    return policy.balance() == Balance.HASH
        ? RequestKey.of(policy.hashKey(), head.headers(), identity.visitor().address())
        : 0;
  }

  /** Whether there is any endpoint but these, be there room or not. */
  boolean isThereAny(List<Endpoint> failed) {
    return cluster().endpoints().stream().anyMatch(endpoint -> !failed.contains(endpoint));
  }

  /**
   * The cookie that makes the client stay with an endpoint; null when it has it, or none is due.
   */
  @Nullable String cookie(Endpoint endpoint) {
    Cluster now = cluster();
    String due = now.token(endpoint);
    String name = now.spec().policy().sticky().orElse(null);
    if (due == null || name == null || due.equals(token)) {
      return null;
    }
    String secure = identity.visitor().secure() ? "; Secure" : "";
    return name + "=" + due + "; Path=/; HttpOnly; SameSite=Lax" + secure;
  }
}
