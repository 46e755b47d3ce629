package dev.fairlead.app.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.app.alert.AlertMessage.Subject;
import dev.fairlead.config.bootstrap.WebhookSettings.Format;
import java.net.http.HttpRequest;
import java.util.Locale;

/** A message in the form that a server understands. */
final class WebhookFormats {

  /** ntfy makes a file of what has more than 4,096 bytes. */
  private static final int NTFY_BYTES = 4096;

  /** Discord takes 2,000 characters, the title's included. */
  private static final int DISCORD_BYTES = 1600;

  /** Slack cuts what is longer than 40,000 characters, and advises 4,000. */
  private static final int SLACK_BYTES = 12_000;

  /** Discord: no previews of what links lead to. */
  private static final int SUPPRESS_EMBEDS = 1 << 2;

  private WebhookFormats() {}

  /** Gives a request its body and its fields. */
  static void write(AlertMessage message, Format format, HttpRequest.Builder request) {
    switch (format) {
      case JSON -> json(request, json(message));
      case SLACK -> json(request, slack(message));
      case DISCORD -> json(request, discord(message));
      case NTFY -> ntfy(message, request);
    }
  }

  private static void json(HttpRequest.Builder request, ObjectNode body) {
    request
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
  }

  private static ObjectNode json(AlertMessage message) {
    ObjectNode json = AlertBook.Json.MAPPER.createObjectNode();
    json.put("source", "fairlead");
    json.put("from", message.from());
    json.put("time", message.time().toString());
    json.put("subject", message.subject().name().toLowerCase(Locale.ROOT));
    json.put("title", message.title());
    json.put("text", message.text());
    ArrayNode open = json.putArray("open");
    for (NameAlert alert : message.open()) {
      ObjectNode one = open.addObject();
      one.put("name", alert.name());
      one.put("kind", alert.kind().name().toLowerCase(Locale.ROOT));
      one.put("since", alert.since().toString());
      alert.expires().ifPresent(end -> one.put("expires", end.toString()));
      one.put("error", alert.error());
      one.put("expected", alert.expected());
      alert.nextAttempt().ifPresent(next -> one.put("nextAttempt", next.toString()));
    }
    json.put("moreOpen", message.moreOpen());
    message.solved().forEach(json.putArray("solved")::add);
    json.put("moreSolved", message.moreSolved());
    return json;
  }

  /** Slack's own characters are escaped: a CA's words must not call the whole channel. */
  private static ObjectNode slack(AlertMessage message) {
    String text = message.text(SLACK_BYTES, WebhookFormats::forSlack);
    ObjectNode json = AlertBook.Json.MAPPER.createObjectNode();
    json.put("text", sign(message) + " " + forSlack(message.title()) + "\n" + text);
    json.put("mrkdwn", false);
    return json;
  }

  private static String forSlack(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static ObjectNode discord(AlertMessage message) {
    String text = message.text(DISCORD_BYTES, WebhookFormats::forDiscord);
    ObjectNode json = AlertBook.Json.MAPPER.createObjectNode();
    json.put(
        "content", "%s **%s**\n%s".formatted(sign(message), forDiscord(message.title()), text));
    json.putObject("allowed_mentions").putArray("parse");
    json.put("flags", SUPPRESS_EMBEDS);
    return json;
  }

  private static String forDiscord(String text) {
    return text.replaceAll("([\\\\*_~`|<>\\[\\]#])", "\\\\$1");
  }

  private static String sign(AlertMessage message) {
    return message.subject() == Subject.PROBLEM ? "⚠️" : "✅";
  }

  private static void ntfy(AlertMessage message, HttpRequest.Builder request) {
    boolean problem = message.subject() == Subject.PROBLEM;
    request
        .header("Title", message.title())
        .header("Priority", problem ? "high" : "default")
        .header("Tags", problem ? "warning" : "white_check_mark")
        .header("Content-Type", "text/plain; charset=utf-8")
        .POST(HttpRequest.BodyPublishers.ofString(message.text(NTFY_BYTES, text -> text)));
  }
}
