package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.acme.store.PersistMemory;
import dev.fairlead.acme.store.PersistMemory.Sight;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a record must say, by what the CA says of itself and what was seen before. */
class PersistOfferTest {

  private static final HostPattern HOST = new HostPattern(false, "example.com");
  private static final URI ACCOUNT = URI.create("https://ca.example/acct/123");
  private static final String PREFIX = "https://ca.example/account-hash/";
  private static final PersistOffer OFFER =
      new PersistOffer(List.of("ca.example", "ca2.example"), Optional.empty(), ACCOUNT, "key-1");

  @Test
  void theFirstNameOfTheCaIsWritten() throws Exception {
    assertThat(OFFER.terms(HOST, IssuanceSettings.DEFAULT, PersistMemory.NOTHING).wanted().value())
        .isEqualTo("ca.example; accounturi=https://ca.example/acct/123");
  }

  @Test
  void whatAChallengeSaidCountsMoreThanTheDirectory() throws Exception {
    PersistMemory memory = PersistMemory.NOTHING.withIssuers(List.of("said.example"));

    assertThat(OFFER.terms(HOST, IssuanceSettings.DEFAULT, memory).issuers())
        .containsExactly("said.example");
  }

  @Test
  void theOwnerMayChooseOneOfThem() throws Exception {
    assertThat(OFFER.terms(HOST, issuer("ca2.example"), PersistMemory.NOTHING).issuers())
        .containsExactly("ca2.example");
    assertThatThrownBy(() -> OFFER.terms(HOST, issuer("no.example"), PersistMemory.NOTHING))
        .isInstanceOf(IssueException.class)
        .hasMessage(
            "dns-persist-01: the CA does not call itself no.example (expected:"
                + " acme.dns-persist.issuer is ca.example or ca2.example, or nothing)");
  }

  @Test
  void aCaThatSaysNothingNeedsThatChoice() throws Exception {
    PersistOffer silent = new PersistOffer(List.of(), Optional.empty(), ACCOUNT, "key-1");

    assertThat(silent.terms(HOST, issuer("ca.example"), PersistMemory.NOTHING).issuers())
        .containsExactly("ca.example");
    assertThatThrownBy(() -> silent.terms(HOST, IssuanceSettings.DEFAULT, PersistMemory.NOTHING))
        .hasMessageContaining("expected: acme.dns-persist.issuer");
  }

  @Test
  void aRecordOfTheAccountsFormerKeyStaysGoodOnceItWasSeen() throws Exception {
    PersistOffer before = hashed("key-1");
    PersistOffer after = hashed("key-2");
    String record = accounts(before, PersistMemory.NOTHING).getFirst();
    PersistMemory seen = seen(ACCOUNT, record);

    assertThat(accounts(after, PersistMemory.NOTHING)).doesNotContain(record);
    assertThat(accounts(after, seen)).contains(record);
    assertThat(accounts(after, seen).getFirst()).isNotEqualTo(record);
    assertThat(accounts(after, seen(URI.create("https://ca.example/acct/1"), record)))
        .as("of another account")
        .doesNotContain(record);
  }

  @Test
  void whatTheCaSaysIsUsedWhereItIsAName() {
    assertThat(
            IssuerNames.usable(
                List.of(
                    "ca.example", "CA.example", "ca.example.", "a b", "x;y", "-a.example", "a\n")))
        .containsExactly("ca.example");
    assertThat(IssuerNames.usable(Collections.nCopies(11, "ca.example"))).isEmpty();
    assertThat(IssuerNames.usable(List.of("a".repeat(254)))).isEmpty();
  }

  private static PersistOffer hashed(String key) {
    return new PersistOffer(List.of("ca.example"), Optional.of(PREFIX), ACCOUNT, key);
  }

  private static List<String> accounts(PersistOffer offer, PersistMemory memory) throws Exception {
    return offer.terms(HOST, IssuanceSettings.DEFAULT, memory).accounts();
  }

  private static PersistMemory seen(URI account, String accountUri) {
    return PersistMemory.NOTHING.with(Optional.of(new Sight(account, accountUri, Instant.EPOCH)));
  }

  private static IssuanceSettings issuer(String name) {
    return new IssuanceSettings(false, Optional.of(name), Optional.empty(), Optional.empty());
  }
}
