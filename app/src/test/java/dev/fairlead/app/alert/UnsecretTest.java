package dev.fairlead.app.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnsecretTest {

  @Test
  void secretsAreNotShown() {
    Unsecret plain = new Unsecret(List.of("s3cret", "", "t0ken"));
    assertThat(plain.line("no:\r\n s3cret, t0ken, s3crets")).isEqualTo("no: ***, ***, ***s");
  }

  @Test
  void aSecretWithinBase64IsNotShownWhereverItBegins() {
    String secret = "correct horse";
    Unsecret plain = new Unsecret(Unsecret.inBase64(secret));
    for (int before = 0; before < 7; before++) {
      for (int after = 0; after < 7; after++) {
        String text = "x".repeat(before) + secret + "y".repeat(after);
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        String line = plain.line(encoded);
        assertThat(line).contains("***");
        // Two digits at each end have bits of what stands beside it, and padding is two at most.
        int around = (before + after) * 8 / 6 + 2 + 2 + 2;
        assertThat(line.replace("***", "")).hasSizeLessThanOrEqualTo(around);
      }
    }
  }
}
