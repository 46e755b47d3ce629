package dev.fairlead.proxy.http;

import dev.fairlead.config.routing.HashKey;
import dev.fairlead.proxy.message.Headers;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What {@link HashKey} means for a request. */
public final class RequestKey {

  private RequestKey() {}

  /**
   * A number that is the same for requests that belong together; any number when nothing says which
   * these are.
   *
   * @param headers of the request
   * @param visitor who sent it
   */
  public static int of(HashKey key, Headers headers, String visitor) {
    @Nullable String text =
        switch (key.source()) {
          case CLIENT -> visitor;
          case HEADER -> headers.get(key.name());
          case COOKIE -> Cookies.find(headers, key.name());
        };
    // The hash of texts is the same in every process (String#hashCode).
    return text == null ? ThreadLocalRandom.current().nextInt() : text.hashCode();
  }
}
