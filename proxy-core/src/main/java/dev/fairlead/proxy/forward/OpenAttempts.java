package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.transport.PerLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of each event loop that have not ended: when it becomes known that nothing comes of
 * an endpoint any more, they need not wait until their own time is over. Thread-safe.
 */
public final class OpenAttempts {

  private final PerLoop<OfLoop> byLoop;

  /** Of no attempts yet. */
  public OpenAttempts(EventLoopGroup loops) {
    this.byLoop = new PerLoop<>(loops, _ -> new OfLoop());
  }

  OfLoop of(EventLoop loop) {
    return byLoop.of(loop);
  }

  /** An endpoint says nothing any more: whoever can goes elsewhere. From any thread. */
  public void silent(Endpoint endpoint) {
    byLoop.onEach(loop -> loop.at(endpoint).forEach(Attempt::doubt));
  }

  /** An endpoint is gone, with all that it was at work on. From any thread. */
  public void gone(Endpoint endpoint) {
    byLoop.onEach(loop -> loop.at(endpoint).forEach(Attempt::gone));
  }

  /** Those of one loop, in a list whose links are the attempts' own: it costs no object. */
  static final class OfLoop {

    private @Nullable Attempt first;

    void add(Attempt attempt) {
      attempt.next = first;
      if (first != null) {
        first.previous = attempt;
      }
      first = attempt;
    }

    /** Takes one out that is in. */
    void remove(Attempt attempt) {
      Attempt before = attempt.previous;
      Attempt behind = attempt.next;
      if (before == null) {
        first = behind;
      } else {
        before.next = behind;
      }
      if (behind != null) {
        behind.previous = before;
      }
      attempt.previous = null;
      attempt.next = null;
    }

    // A copy: what follows changes the list.
    private List<Attempt> at(Endpoint endpoint) {
      List<Attempt> found = new ArrayList<>();
      for (Attempt attempt = first; attempt != null; attempt = attempt.next) {
        if (attempt.endpoint() == endpoint) {
          found.add(attempt);
        }
      }
      return found;
    }
  }
}
