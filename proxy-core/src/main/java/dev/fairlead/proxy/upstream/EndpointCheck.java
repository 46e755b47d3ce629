package dev.fairlead.proxy.upstream;

import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One check of one endpoint, by a connection as exchanges have it. Tells its outcome once. Event
 * loop only.
 */
final class EndpointCheck implements UpstreamPool.Borrower, UpstreamStream.Listener {

  private final HealthCheck check;
  private final Consumer<@Nullable CheckProblem> outcome;
  private @Nullable UpstreamStream stream;
  private @Nullable Future<?> timeout;
  private boolean told;
  private boolean over;

  /**
   * @param outcome null when the endpoint is well, else what is wrong
   */
  EndpointCheck(HealthCheck check, Consumer<@Nullable CheckProblem> outcome) {
    this.check = check;
    this.outcome = outcome;
  }

  /** Will call {@link #timedOut}. */
  void timeout(Future<?> scheduled) {
    timeout = scheduled;
    if (over) {
      scheduled.cancel(false);
    }
  }

  void timedOut() {
    settle(silent("no answer within " + check.timeout().toMillis() + " ms"));
  }

  @Override
  public void acquired(UpstreamStream to, boolean reused) {
    stream = to;
    String path = check.path().orElse(null);
    if (over || path == null) {
      // The connection is all that was asked for; or it came too late.
      settle(null);
    } else {
      to.send(request(path), this);
    }
  }

  @Override
  public void failed(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    settle(new CheckProblem(text, true, isRefusal(cause)));
  }

  @Override
  public void head(ResponseHead head) {
    if (!head.isInformational()) {
      tell(
          check.statuses().contains(head.status())
              ? null
              : new CheckProblem("status " + head.status(), false));
    }
  }

  @Override
  public void data(ByteBuf data) {
    data.release();
  }

  @Override
  public void dataPaused() {}

  /** The connection can be used again. */
  @Override
  public void end(@Nullable Headers trailers) {
    stream = null;
    settle(silent("no answer"));
  }

  @Override
  public void writable() {}

  @Override
  public void aborted(Throwable cause) {
    stream = null;
    failed(cause);
  }

  private static boolean isRefusal(Throwable cause) {
    return cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
  }

  private void tell(@Nullable CheckProblem problem) {
    if (!told) {
      told = true;
      outcome.accept(problem);
    }
  }

  private void settle(@Nullable CheckProblem problem) {
    tell(problem);
    over = true;
    if (timeout != null) {
      timeout.cancel(false);
    }
    if (stream != null) {
      stream.cancel();
      stream = null;
    }
  }

  private static CheckProblem silent(String text) {
    return new CheckProblem(text, true);
  }

  private RequestHead request(String target) {
    int question = target.indexOf('?');
    Headers headers =
        new Headers()
            .add("Host", check.host())
            .add("User-Agent", "fairlead-health")
            .add("Accept", "*/*");
    return new RequestHead(
        RawRequest.Version.HTTP_1_1,
        "GET",
        check.host(),
        check.host(),
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question),
        headers,
        0,
        null);
  }
}
