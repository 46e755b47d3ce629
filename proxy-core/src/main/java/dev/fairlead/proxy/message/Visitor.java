package dev.fairlead.proxy.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and for what, as far as is known.
 *
 * @param chain of addresses in digits: the visitor first, then the proxies that are trusted, the
 *     peer last; never empty
 * @param secure whether the visitor's own connection is TLS
 * @param host that the visitor asked for, with its port if it named one; null when only the request
 *     itself says
 * @param port that the visitor asked at; null when only {@code host} and {@code secure} say
 */
public record Visitor(
    List<String> chain, boolean secure, @Nullable String host, @Nullable String port) {

  public Visitor {
    chain = List.copyOf(chain);
  }

  /** Somebody who asks itself. */
  static Visitor direct(String address, boolean secure) {
    return new Visitor(List.of(address), secure, null, null);
  }

  public String address() {
    return chain.getFirst();
  }
}
