package dev.fairlead.app.alert;

import dev.fairlead.config.bootstrap.WebhookSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells by an HTTP request. Follows no redirect, as it would carry the token elsewhere. */
final class Webhook implements Channel {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final int SHORTEST_SECRET = 6;

  private final WebhookSettings settings;
  private final Optional<Path> caFile;
  private final Tries tries;
  private final Unsecret plain;

  Webhook(WebhookSettings settings, Optional<Path> caFile, Tries tries) {
    this.settings = settings;
    this.caFile = caFile;
    this.tries = tries;
    this.plain = new Unsecret(secrets(settings));
  }

  /** All of an address behind its host may be a secret: servers like to repeat it in errors. */
  private static List<String> secrets(WebhookSettings settings) {
    URI url = settings.url();
    List<String> secrets = new ArrayList<>();
    secrets.add(url.toString());
    settings.token().ifPresent(secrets::add);
    Stream.of(url.getRawQuery(), url.getRawPath(), url.getPath())
        .flatMap(Stream::ofNullable)
        .flatMap(part -> Stream.concat(Stream.of(part), Stream.of(part.split("[/&=]", -1))))
        .filter(part -> part.length() >= SHORTEST_SECRET)
        .forEach(secrets::add);
    return secrets;
  }

  @Override
  public String name() {
    return "webhook at " + settings.url().getHost();
  }

  @Override
  public String send(AlertMessage message) throws ChannelException, InterruptedException {
    try (HttpClient client = client()) {
      try {
        return tries.run(() -> once(client, request(message)));
      } finally {
        client.shutdownNow();
      }
    }
  }

  private HttpClient client() throws ChannelException {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT_LIMIT)
        .sslContext(Trust.context(caFile))
        .build();
  }

  private HttpRequest request(AlertMessage message) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.url())
            .timeout(ANSWER_LIMIT)
            .header("User-Agent", "fairlead");
    settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    WebhookFormats.write(message, settings.format(), request);
    return request.build();
  }

  private String once(HttpClient client, HttpRequest request)
      throws ChannelException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = client.send(request, _ -> new FirstBytes());
    } catch (IOException e) {
      throw new ChannelException(plain.line(reason(e)), false);
    }
    int status = response.statusCode();
    String answer = plain.line("HTTP %d %s".formatted(status, response.body()));
    if (status / 100 != 2) {
      throw new ChannelException(answer, status < 500 && status != 408 && status != 429);
    }
    return answer;
  }

  /** The JDK's exceptions often say nothing but their names. */
  private static String reason(IOException e) {
    Throwable cause = e;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String said = cause.getMessage();
    return said == null
        ? "cannot be reached (%s)".formatted(cause.getClass().getSimpleName())
        : "cannot be reached: " + said;
  }
}
