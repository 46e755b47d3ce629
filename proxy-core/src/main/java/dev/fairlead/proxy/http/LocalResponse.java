package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the proxy's own: never cached (but for the redirect, whose target does not change),
 * no version, nothing of what is inside.
 *
 * @param body empty for a response to HEAD, too: the codec leaves it out there
 */
public record LocalResponse(ResponseHead head, String body) {

  private static final int RETRY_AFTER_SECONDS = 5;

  /**
   * Tells a visitor of a failure.
   *
   * @param accept the client's Accept field: browsers get a page, which reloads itself when coming
   *     back may help; everybody else gets one line of text
   * @param requestId for the page: whoever asks about it can say which line of the log it is
   */
  public static LocalResponse of(Failure failure, @Nullable String accept, String requestId) {
    Headers headers = new Headers().add("Cache-Control", "no-store");
    if (failure.isPassing()) {
      headers.add("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
    }
    boolean page = accept != null && accept.contains("text/html");
    return page
        ? with(failure.status(), headers, "text/html; charset=utf-8", page(failure, requestId))
        : with(failure.status(), headers, "text/plain; charset=utf-8", failure.sentence() + "\n");
  }

  /** {@code 308} to the same address by https: the method and the body stay (RFC 9110 §15.4.9). */
  public static LocalResponse redirectToHttps(RequestHead head, int publicHttpsPort) {
    String port = publicHttpsPort == 443 ? "" : ":" + publicHttpsPort;
    String path = head.path().equals("*") ? "/" : head.path();
    String location = "https://" + head.host() + port + path + head.query();
    Headers headers = new Headers().add("Location", location);
    return with(308, headers, "text/plain; charset=utf-8", "");
  }

  /** The answer to an http-01 challenge (RFC 8555 §8.3). */
  public static LocalResponse keyAuthorization(String text) {
    Headers headers = new Headers().add("Cache-Control", "no-store");
    return with(200, headers, "application/octet-stream", text);
  }

  private static LocalResponse with(int status, Headers headers, String type, String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length > 0) {
      headers.add("Content-Type", type);
    }
    headers.add("Content-Length", Integer.toString(length));
    return new LocalResponse(new ResponseHead(status, headers), text);
  }

  private static String page(Failure failure, String requestId) {
    String reload =
        failure.isPassing()
            ? "<meta http-equiv=\"refresh\" content=\"" + RETRY_AFTER_SECONDS + "\">"
            : "";
    return """
    <!doctype html><html lang="en"><head><meta charset="utf-8">%s
    <meta name="viewport" content="width=device-width"><title>%d</title>
    <style>body{font:1.1rem system-ui;margin:20vh auto;max-width:32rem;padding:0 1rem}</style>
    </head><body><h1>%d</h1><p>%s</p>
    <p><small>%s</small></p></body></html>
    """
        .formatted(reload, failure.status(), failure.status(), failure.sentence(), requestId);
  }
}
