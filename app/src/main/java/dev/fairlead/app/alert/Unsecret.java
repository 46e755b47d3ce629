package dev.fairlead.app.alert;

import dev.fairlead.app.text.OneLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes what a server or the JDK said fit for a log: one short line without secrets. */
final class Unsecret {

  private static final int LONGEST = 300;

  /** Bits of a digit of Base64. */
  private static final int DIGIT_BITS = 6;

  private final List<String> secrets;

  /**
   * @param secrets what must not be shown; the empty text is none
   */
  Unsecret(List<String> secrets) {
    this.secrets = secrets.stream().filter(secret -> !secret.isBlank()).toList();
  }

  /**
   * What Base64 makes of a secret, whatever stands before and behind it in the text: a form for
   * each place in a group of three bytes at which it can begin, without the digits at its ends.
   */
  static List<String> inBase64(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    List<String> forms = new ArrayList<>();
    for (int before = 0; before < 3; before++) {
      byte[] text = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, text, before, bytes.length);
      String encoded = Base64.getEncoder().encodeToString(text);
      int begin = (before * Byte.SIZE + DIGIT_BITS - 1) / DIGIT_BITS;
      int end = text.length * Byte.SIZE / DIGIT_BITS;
      if (begin < end) {
        forms.add(encoded.substring(begin, end));
      }
    }
    return forms;
  }

  String line(String text) {
    String line = text;
    for (String secret : secrets) {
      line = line.replace(secret, "***");
    }
    return OneLine.of(line, LONGEST);
  }
}
