package dev.fairlead.app.alert;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The beginning of a response's body, as text; the rest is not read. */
final class FirstBytes implements BodySubscriber<String> {

  private static final int MOST = 1024;

  private final ByteBuffer bytes = ByteBuffer.allocate(MOST);
  private final CompletableFuture<String> text = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  @Override
  public CompletionStage<String> getBody() {
    return text;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    for (ByteBuffer piece : pieces) {
      int length = Math.min(piece.remaining(), bytes.remaining());
      bytes.put(piece.slice(piece.position(), length));
    }
    if (!bytes.hasRemaining() && subscription != null) {
      subscription.cancel();
      onComplete();
    }
  }

  @Override
  public void onError(Throwable cause) {
    text.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    text.complete(StandardCharsets.UTF_8.decode(bytes.duplicate().flip()).toString());
  }
}
