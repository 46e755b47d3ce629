package dev.fairlead.acme.persist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.persist.PersistRules.Finding;
import dev.fairlead.acme.persist.PersistRules.Good;
import dev.fairlead.acme.persist.PersistRules.Wrong;
import dev.fairlead.config.routing.HostPattern;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistRulesTest {

  private static final String ACCOUNT = "https://ca.example/acct/123";
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final PersistTerms TERMS = terms(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ca.example; accounturi=https://ca.example/acct/123",
        "ca.example;accounturi=https://ca.example/acct/123",
        " ca.example ;\tAccountURI = https://ca.example/acct/123 ",
        "other-name.example; accounturi=https://ca.example/acct/123",
        "ca.example; accounturi=https://ca.example/acct/123; policy=wildcard",
        "ca.example; policy=whatever; accounturi=https://ca.example/acct/123; new=thing",
        "ca.example; accounturi=https://ca.example/acct/123; persistUntil=1795694400"
      })
  void takesWhatTheDraftAllows(String text) {
    assertThat(look(TERMS, text)).isEqualTo(new Good(ACCOUNT));
  }

  @Test
  void takesTheRightOneOfSeveral() {
    assertThat(
            look(
                TERMS,
                "v=spf1 -all",
                "another.example; accounturi=https://another.example/1",
                "ca.example; accounturi=https://ca.example/acct/7",
                "ca.example; accounturi=" + ACCOUNT))
        .isEqualTo(new Good(ACCOUNT));
  }

  @Test
  void saysThatThereIsNone() {
    assertThat(look(TERMS))
        .isEqualTo(new Wrong("_validation-persist.example.com has no TXT record"));
  }

  @Test
  void saysWhomItIsFor() {
    assertThat(look(TERMS, "another.example; accounturi=" + ACCOUNT))
        .isEqualTo(wrong("is for \"another.example\""));
    assertThat(look(TERMS, "CA.example; accounturi=" + ACCOUNT))
        .isEqualTo(wrong("is for \"CA.example\""));
    assertThat(look(TERMS, "\"ca.example; accounturi=" + ACCOUNT + "\""))
        .isEqualTo(wrong("has quotation marks inside its value"));
    assertThat(look(TERMS, "\u00e4\n\u0007".repeat(300) + "x")).isEqualTo(wrong("is for \"x\""));
  }

  @Test
  void saysWhoseAccountItNames() {
    assertThat(look(TERMS, "ca.example; accounturi=https://ca.example/acct/1234"))
        .isEqualTo(wrong("is for another account, https://ca.example/acct/1234"));
    assertThat(look(TERMS, "ca.example; accounturi=HTTPS://ca.example/acct/123"))
        .isEqualTo(wrong("is for another account, HTTPS://ca.example/acct/123"));
    assertThat(look(TERMS, "ca.example")).isEqualTo(wrong("says no accounturi"));
  }

  @Test
  void saysWhenItEnded() {
    assertThat(look(TERMS, "ca.example; accounturi=" + ACCOUNT + "; persistUntil=1764158400"))
        .isEqualTo(wrong("has ended at 2025-11-26T12:00:00Z, by its persistUntil=1764158400"));
    assertThat(look(TERMS, "ca.example; accounturi=" + ACCOUNT + "; persistUntil=2027-01-01"))
        .isEqualTo(wrong("has a persistUntil that is no number of seconds, 2027-01-01"));
    assertThat(
            look(TERMS, "ca.example; accounturi=" + ACCOUNT + "; persistUntil=9223372036854775807"))
        .isEqualTo(wrong("has a persistUntil that is no number of seconds, 9223372036854775807"));
  }

  @Test
  void aWildcardNeedsAPolicy() {
    PersistTerms wildcard = terms(true);
    String plain = "ca.example; accounturi=" + ACCOUNT;

    assertThat(look(wildcard, plain))
        .isEqualTo(wrong("lacks policy=wildcard, which *.example.com needs"));
    assertThat(look(wildcard, plain + "; policy=all"))
        .isEqualTo(wrong("lacks policy=wildcard, which *.example.com needs"));
    assertThat(look(wildcard, plain + "; Policy=Wildcard")).isEqualTo(new Good(ACCOUNT));
    assertThat(look(wildcard, wildcard.wanted().value())).isEqualTo(new Good(ACCOUNT));
  }

  @Test
  void saysWhatCannotBeRead() {
    String plain = "ca.example; accounturi=" + ACCOUNT;

    assertThat(look(TERMS, plain + ";"))
        .isEqualTo(wrong("cannot be read, it has a semicolon too many"));
    assertThat(look(TERMS, plain + "; wildcard"))
        .isEqualTo(wrong("cannot be read, a part of it is no tag=value"));
    assertThat(look(TERMS, plain + "; ACCOUNTURI=" + ACCOUNT))
        .isEqualTo(wrong("cannot be read, it says a thing twice"));
    assertThat(look(TERMS, plain + "/a b"))
        .isEqualTo(
            wrong("cannot be read, a value in it has blanks or characters that are not ASCII"));
  }

  @Test
  void theRecordToSetIsALineOfAZoneFile() {
    assertThat(TERMS.wanted().line())
        .isEqualTo(
            "_validation-persist.example.com. TXT \"ca.example;"
                + " accounturi=https://ca.example/acct/123\"");
    assertThat(terms(true).wanted().line())
        .isEqualTo(
            "_validation-persist.example.com. TXT \"ca.example;"
                + " accounturi=https://ca.example/acct/123; policy=wildcard\"");
  }

  @Test
  void aLongRecordHasSeveralStrings() {
    String value = "0123456789".repeat(52);

    assertThat(new PersistRecord("a.example", value).line())
        .isEqualTo(
            "a.example. TXT \"%s\" \"%s\" \"%s\""
                .formatted(
                    value.substring(0, 255), value.substring(255, 510), value.substring(510)));
  }

  private static Finding look(PersistTerms terms, String... texts) {
    return PersistRules.look(List.of(texts), terms, NOW);
  }

  private static Wrong wrong(String why) {
    return new Wrong("the TXT record of _validation-persist.example.com " + why);
  }

  private static PersistTerms terms(boolean wildcard) {
    return new PersistTerms(
        new HostPattern(wildcard, "example.com"),
        List.of("ca.example", "other-name.example"),
        List.of(ACCOUNT));
  }
}
