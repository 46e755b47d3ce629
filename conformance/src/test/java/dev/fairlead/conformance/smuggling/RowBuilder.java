package dev.fairlead.conformance.smuggling;

import dev.fairlead.conformance.smuggling.Row.Expected;
import dev.fairlead.conformance.smuggling.Row.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row, or the message that several rows vary, as far as its lines were read. */
final class RowBuilder {

  private static final String HOLE = "{line}";
  private static final String ROW = "ROW";

  private final String place;
  private final List<String> lines = new ArrayList<>();
  private final List<String> has = new ArrayList<>();
  private final List<String> lacks = new ArrayList<>();
  private final List<Expected> sees = new ArrayList<>();
  private final Map<String, List<String>> answersAt = new HashMap<>();
  private @Nullable Protocol protocol;
  private @Nullable List<String> answers;
  private @Nullable String because;
  private @Nullable String with;
  private boolean saysWhatIsSeen;

  RowBuilder(String place) {
    this.place = place;
  }

  void line(String text) {
    lines.add(text);
  }

  /**
   * Takes one {@code key: value}.
   *
   * @throws IllegalArgumentException for what is none
   */
  void property(String key, String value) {
    switch (key) {
      case "over" -> protocol = protocol(value);
      case "answers" -> answers = list(value);
      case "because" -> because = because == null ? value : because + " " + value;
      case "with" -> with = value;
      case "has" -> has.add(value);
      case "lacks" -> lacks.add(value);
      case "sees" -> sees(value);
      case "host" -> last(new Expected(last().maybe(), last().what(), value, last().body()));
      case "body" ->
          last(new Expected(last().maybe(), last().what(), last().host(), Escapes.resolve(value)));
      default -> {
        if (!key.startsWith("answers at ")) {
          throw new IllegalArgumentException("%s: unknown key %s".formatted(place, key));
        }
        answersAt.put(key.substring("answers at ".length()), list(value));
      }
    }
  }

  private static Protocol protocol(String value) {
    return switch (value) {
      case "plain" -> Protocol.PLAIN;
      case "tls" -> Protocol.TLS;
      case "http/2" -> Protocol.HTTP_2;
      default -> throw new IllegalArgumentException("over: " + value);
    };
  }

  private static List<String> list(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::strip).toList();
  }

  private void sees(String value) {
    saysWhatIsSeen = true;
    if (!value.equals("nothing")) {
      boolean maybe = value.startsWith("maybe ");
      String what = maybe ? value.substring("maybe ".length()) : value;
      sees.add(new Expected(maybe, Escapes.resolve(what), Row.HOST, null));
    }
  }

  private Expected last() {
    if (sees.isEmpty()) {
      throw new IllegalArgumentException(place + ": nothing is seen that could have it");
    }
    return sees.getLast();
  }

  private void last(Expected better) {
    sees.set(sees.size() - 1, better);
  }

  /**
   * The row.
   *
   * @param message that it varies, if it says by what
   */
  Row build(int number, @Nullable RowBuilder message) {
    boolean varies = with != null;
    RowBuilder base = varies ? message : new RowBuilder(place);
    if (base == null || varies == !lines.isEmpty()) {
      throw new IllegalArgumentException(
          place + ": a row has lines of its own, or says with what it varies the message before");
    }
    Protocol spoken = protocol != null ? protocol : base.protocol;
    List<String> get = answers != null ? answers : base.answers;
    String reason = because != null ? because : base.because;
    List<Expected> seen = saysWhatIsSeen ? sees : base.sees;
    boolean saysWhatIsAnswered = answers != null || !answersAt.isEmpty();
    if (get == null) {
      throw new IllegalArgumentException(place + ": no answers");
    }
    if (reason == null && !seen.isEmpty()) {
      throw new IllegalArgumentException(place + ": passes, and does not say why (because: …)");
    }
    return new Row(
        number,
        place,
        spoken != null ? spoken : Protocol.PLAIN,
        get,
        Map.copyOf(saysWhatIsAnswered ? answersAt : base.answersAt),
        seen.stream().map(one -> filledIn(one, number)).toList(),
        List.copyOf(has.isEmpty() ? base.has : has),
        List.copyOf(lacks.isEmpty() ? base.lacks : lacks),
        reason != null ? reason : "",
        (varies ? base.lines : lines).stream().map(text -> filledIn(text, number)).toList());
  }

  private Expected filledIn(Expected one, int number) {
    String body = one.body();
    return new Expected(
        one.maybe(),
        filledIn(one.what(), number),
        one.host(),
        body == null ? null : filledIn(body, number));
  }

  private String filledIn(String text, int number) {
    return (with == null ? text : text.replace(HOLE, with)).replace(ROW, String.valueOf(number));
  }
}
