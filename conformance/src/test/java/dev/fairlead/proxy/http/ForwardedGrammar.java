package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lists of {@code Forwarded} (RFC 7239 §4) as they are read from the left, by an expression:
 * the other opinion beside the product, which reads from their end.
 */
final class ForwardedGrammar {

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

  /** A pair or none, and what ends it. */
  private static final Pattern PAIR =
      Pattern.compile(
          "[ \t]*+(?:(?<name>T)=(?:(?<token>T)|\"(?<quoted>(?:[^\"\\\\]++|\\\\.)++)\")[ \t]*+)?+(?<end>[;,]|\\z)"
              .replace("T", TOKEN),
          Pattern.DOTALL);

  /** One element: blank, wrong, or what it says. */
  private static final class Element {

    private boolean blank = true;
    private boolean wrong;
    private @Nullable String node;
    private @Nullable String scheme;
    private @Nullable String host;

    void say(String name, String value) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "for" -> {
          wrong |= node != null;
          node = value;
        }
        case "proto" -> {
          wrong |= scheme != null;
          scheme = value.toLowerCase(Locale.ROOT);
        }
        case "host" -> {
          wrong |= host != null;
          host = value;
        }
        default -> {}
      }
    }
  }

  private final BelievedChain chain = new BelievedChain();
  private boolean secure;
  private @Nullable String host;

  private ForwardedGrammar() {}

  /** Who asks; empty when a list is none of the grammar's, and where its elements end is open. */
  static Optional<Visitor> visitor(List<String> lists) {
    ForwardedGrammar reading = new ForwardedGrammar();
    boolean believed = true;
    for (String list : lists.reversed()) {
      List<Element> elements = elements(list);
      if (elements.isEmpty()) {
        return Optional.empty();
      }
      for (Element element : elements.reversed()) {
        believed = believed && (element.blank || reading.believe(element));
      }
      if (!believed) {
        break;
      }
    }
    return Optional.of(new Visitor(reading.chain.addresses(), reading.secure, reading.host, null));
  }

  private boolean believe(Element element) {
    if (element.wrong) {
      return false;
    }
    if (element.scheme != null && element.scheme.matches("https?|wss?")) {
      secure = element.scheme.matches("https|wss");
    }
    if (element.host != null) {
      host = authority(element.host).orElse(host);
    }
    return element.node != null && chain.goesOnBefore(element.node);
  }

  private static Optional<String> authority(String text) {
    try {
      return Optional.of(Authority.parse(text).text());
    } catch (RejectedRequest e) {
      return Optional.empty();
    }
  }

  private static List<Element> elements(String list) {
    List<Element> elements = new ArrayList<>();
    Matcher pair = PAIR.matcher(list);
    Element element = new Element();
    while (pair.lookingAt()) {
      String name = pair.group("name");
      if (name != null) {
        String token = pair.group("token");
        element.say(
            name, token != null ? token : pair.group("quoted").replaceAll("(?s)\\\\(.)", "$1"));
      }
      String end = pair.group("end");
      element.blank &= name == null && !end.equals(";");
      if (!end.equals(";")) {
        elements.add(element);
        element = new Element();
      }
      if (end.isEmpty()) {
        return elements;
      }
      pair.region(pair.end(), list.length());
    }
    return List.of();
  }
}
