package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.message.Headers;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import java.util.Map;

/** Header fields between Netty's types and ours. Netty's check names and values once more. */
final class HeaderCopy {

  private HeaderCopy() {}

  /** Without pseudo-headers; several {@code cookie} fields become one (RFC 9113 §8.2.3). */
  static Headers fromHttp2(Http2Headers netty) {
    Headers headers = new Headers();
    StringBuilder cookies = new StringBuilder();
    for (Map.Entry<CharSequence, CharSequence> field : netty) {
      String name = field.getKey().toString();
      if (name.equals("cookie")) {
        cookies.append(cookies.isEmpty() ? "" : "; ").append(field.getValue());
      } else if (!name.startsWith(":")) {
        headers.add(name, field.getValue().toString());
      }
    }
    if (!cookies.isEmpty()) {
      headers.add("cookie", cookies.toString());
    }
    return headers;
  }

  static Http2Headers toHttp2(Headers headers) {
    Http2Headers netty = new DefaultHttp2Headers(true, headers.size() + 1);
    headers.forEach((name, value) -> netty.add(name.toLowerCase(Locale.ROOT), value));
    return netty;
  }
}
