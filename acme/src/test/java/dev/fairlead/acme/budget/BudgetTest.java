package dev.fairlead.acme.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairlead.acme.store.BudgetStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.Rate;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In a time that is told. Long, as each limit and each way to give back is a few lines. */
class BudgetTest {

  private static final URI LETSENCRYPT =
      URI.create("https://acme-v02.api.letsencrypt.org/directory");
  private static final HostPattern HOST = host("shop.example.org");

  @TempDir Path directory;
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private Storage storage;
  private Budget budget;

  @BeforeEach
  void open() {
    storage =
        new Storage(new StorageSettings(directory, Duration.ofMinutes(1)), StorageAccess.DIRECT);
    budget = budget(settings(LETSENCRYPT));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void anAccountHas300OrdersIn3Hours() throws Exception {
    for (int i = 0; i < 300; i++) {
      letTheLastOneBeThere(i, 300);
      budget.beforeOrder(host("a%d.example%d.org".formatted(i, i)), Occasion.FIRST);
    }
    BudgetException refused = refused(() -> budget.beforeOrder(HOST, Occasion.FIRST));
    assertThat(refused)
        .hasMessage(
            "the CA's limit of 300 orders in 3 h for the account is reached, it goes on at"
                + " 2026-11-23T12:00:38Z");
    // A renewal is not counted here.
    budget.beforeOrder(HOST, Occasion.RENEWAL);

    now = refused.until();
    budget.beforeOrder(HOST, Occasion.FIRST);
    refused(() -> budget.beforeOrder(HOST, Occasion.FIRST));
  }

  @Test
  void aDomainHas50CertificatesInAWeekAndRenewalsAreNotCounted() throws Exception {
    for (int i = 0; i < 50; i++) {
      letTheLastOneBeThere(i, 50);
      budget.beforeCertificate(host("a%d.example.co.uk".formatted(i)), Occasion.FIRST);
    }
    HostPattern another = host("x.y.example.co.uk");
    String sentence =
        "the CA's limit of 50 certificates in 7 days for example.co.uk is reached, it goes on at"
            + " 2026-11-23T15:21:38Z";
    assertThat(refused(() -> budget.beforeCertificate(another, Occasion.FIRST)))
        .hasMessage(sentence);
    // An order that could lead to nothing is not made.
    assertThat(refused(() -> budget.beforeOrder(another, Occasion.FIRST))).hasMessage(sentence);
    budget.beforeOrder(host("a1.example.co.uk"), Occasion.RENEWAL);
    budget.beforeCertificate(host("a1.example.co.uk"), Occasion.RENEWAL);
    budget.beforeOrder(host("a.another.co.uk"), Occasion.FIRST);
  }

  @Test
  void aNetworkOfIpv6HasAsManyAsADomain() throws Exception {
    for (int i = 0; i < 50; i++) {
      letTheLastOneBeThere(i, 50);
      budget.beforeCertificate(host("2001:db8::%x".formatted(i + 1)), Occasion.FIRST);
    }
    assertThat(refused(() -> budget.beforeOrder(host("2001:db8::ffff:0:0:1"), Occasion.FIRST)))
        .hasMessageStartingWith(
            "the CA's limit of 50 certificates in 7 days for 2001:db8::/64 is reached");
    budget.beforeOrder(host("2001:db8:0:1::1"), Occasion.FIRST);
    budget.beforeOrder(host("203.0.113.5"), Occasion.FIRST);
  }

  @Test
  void aCertificateForSeveralNamesCountsOnceForTheAccountAndForEachDomain() throws Exception {
    HostPattern www = host("www.example.org");
    HostPattern other = host("shop.example.net");
    List<HostPattern> names = List.of(HOST, www, other);
    for (int i = 0; i < 49; i++) {
      letTheLastOneBeThere(i, 50);
      budget.beforeCertificate(host("a%d.example.net".formatted(i)), Occasion.FIRST);
    }
    letTheLastOneBeThere(49, 50);
    budget.beforeOrder(HOST, names, Occasion.FIRST);
    budget.beforeCertificate(HOST, names, Occasion.FIRST);
    String sentence = "the CA's limit of 50 certificates in 7 days for example.net is reached";
    assertThat(refused(() -> budget.beforeCertificate(host("x.example.net"), Occasion.FIRST)))
        .hasMessageStartingWith(sentence);
    assertThat(refused(() -> budget.beforeOrder(HOST, names, Occasion.FIRST)))
        .hasMessageStartingWith(sentence);
    assertThat(Files.readString(file("@account")))
        .as("one of fifty for two names of the domain")
        .contains("\"domain example.org\" : \"2026-11-23T15:21:38Z\"");

    budget.noCertificate(HOST, names, Occasion.FIRST);
    budget.beforeCertificate(host("x.example.net"), Occasion.FIRST);
    assertThat(Files.readString(file("@account")))
        .as("full again now")
        .contains("\"domain example.org\" : \"2026-11-23T12:00:02Z\"");
  }

  @Test
  void exactlyTheSameNamesAreCountedAsASetWhateverTheirOrder() throws Exception {
    HostPattern www = host("www.example.org");
    for (int i = 0; i < 5; i++) {
      letTheLastOneBeThere(i, 5);
      List<HostPattern> names = i % 2 == 0 ? List.of(HOST, www) : List.of(www, HOST);
      budget.beforeCertificate(HOST, names, Occasion.RENEWAL);
    }
    assertThat(refused(() -> budget.beforeOrder(HOST, List.of(HOST, www), Occasion.RENEWAL)))
        .hasMessageStartingWith(
            "the CA's limit of 5 certificates in 7 days for exactly shop.example.org,"
                + " www.example.org is reached");
    budget.beforeCertificate(HOST, Occasion.RENEWAL);
    budget.beforeCertificate(HOST, List.of(HOST, www, host("a.example.org")), Occasion.RENEWAL);
    assertThat(Files.readString(file("shop.example.org")))
        .contains("\"names\"", "\"names shop.example.org www.example.org\"");
  }

  @Test
  void aNameThatFailsTooOftenHoldsUpWhatItIsPartOf() throws Exception {
    HostPattern www = host("www.example.org");
    for (int i = 0; i < 5; i++) {
      letTheLastOneBeThere(i, 5);
      budget.beforeValidation(www);
    }
    assertThat(refused(() -> budget.beforeOrder(HOST, List.of(HOST, www), Occasion.FIRST)))
        .hasMessageStartingWith(
            "the CA's limit of 5 failed validations in 1 h for www.example.org is reached");
    budget.beforeOrder(HOST, Occasion.FIRST);
  }

  private Path file(String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("accounts"))) {
      return files
          .filter(each -> each.endsWith("budget/" + name + ".json"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void exactlyTheSameNamesHave5CertificatesInAWeekUnlessTheyReplaceOne() throws Exception {
    for (int i = 0; i < 5; i++) {
      letTheLastOneBeThere(i, 5);
      budget.beforeCertificate(HOST, Occasion.RENEWAL);
    }
    assertThat(refused(() -> budget.beforeCertificate(HOST, Occasion.RENEWAL)))
        .hasMessageStartingWith(
            "the CA's limit of 5 certificates in 7 days for exactly shop.example.org is reached");
    assertThat(refused(() -> budget.beforeOrder(HOST, Occasion.RENEWAL)))
        .hasMessageContaining("exactly shop.example.org");
    budget.beforeOrder(HOST, Occasion.REPLACEMENT);
    budget.beforeCertificate(HOST, Occasion.REPLACEMENT);
    budget.beforeCertificate(host("other.example.org"), Occasion.FIRST);
  }

  @Test
  void whatNoCertificateCameOfIsGivenBack() throws Exception {
    for (int i = 0; i < 50; i++) {
      letTheLastOneBeThere(i, 50);
      budget.beforeCertificate(HOST, Occasion.FIRST);
      budget.noCertificate(HOST, Occasion.FIRST);
    }
    for (int i = 0; i < 5; i++) {
      letTheLastOneBeThere(i, 5);
      budget.beforeCertificate(HOST, Occasion.RENEWAL);
    }
    budget.noCertificate(HOST, Occasion.REPLACEMENT); // for which nothing was spent
    refused(() -> budget.beforeCertificate(HOST, Occasion.RENEWAL));
    budget.noCertificate(HOST, Occasion.RENEWAL);
    budget.beforeCertificate(HOST, Occasion.RENEWAL);
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.org, ON_DEMAND",
    "203.0.113.5, FIRST",
    "2001:db8::5, FIRST",
    "2001:db8::5, ON_DEMAND"
  })
  void itIsGivenBackToWhomItWasTakenFrom(String name, Occasion occasion) throws Exception {
    for (int i = 0; i < 60; i++) {
      budget.beforeOrder(host(name), Occasion.RENEWAL);
      budget.beforeCertificate(host(name), occasion);
      budget.noCertificate(host(name), occasion);
    }
    budget.beforeOrder(host(name), occasion);
  }

  @Test
  void aNameHas5FailedValidationsInAnHourAndThoseThatDoNotFailAreNotCounted() throws Exception {
    for (int i = 0; i < 20; i++) {
      budget.beforeValidation(HOST);
      budget.validated(HOST);
    }
    for (int i = 0; i < 5; i++) {
      letTheLastOneBeThere(i, 5);
      budget.beforeValidation(HOST);
    }
    BudgetException refused = refused(() -> budget.beforeValidation(HOST));
    assertThat(refused)
        .hasMessage(
            "the CA's limit of 5 failed validations in 1 h for shop.example.org is reached, it goes"
                + " on at 2026-11-23T12:12:02Z");
    refused(() -> budget.beforeOrder(HOST, Occasion.FIRST));
    budget.beforeValidation(host("other.example.org"));
    now = refused.until();
    budget.beforeOrder(HOST, Occasion.FIRST);
    budget.beforeValidation(HOST);
  }

  @Test
  void allInstancesSpendOfOneBudget() throws Exception {
    AcmeSettings settings =
        settings(URI.create("https://ca.example.org/dir"))
            .withLimits(
                new AcmeLimits(
                    Optional.of(new Rate(20, Duration.ofHours(1))),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
    List<Callable<Boolean>> orders = new ArrayList<>();
    List<Storage> shares = new ArrayList<>();
    for (int instance = 0; instance < 3; instance++) {
      Storage share =
          new Storage(new StorageSettings(directory, Duration.ofSeconds(20)), StorageAccess.DIRECT);
      shares.add(share);
      Budget theirs = budget(settings, share);
      for (int i = 0; i < 12; i++) {
        HostPattern host = host("a%d-%d.example.org".formatted(instance, i));
        orders.add(() -> isAllowed(() -> theirs.beforeOrder(host, Occasion.FIRST)));
      }
    }
    int allowed = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> order : threads.invokeAll(orders)) {
        allowed += order.get() ? 1 : 0;
      }
    }
    shares.forEach(Storage::close);
    assertThat(allowed).isEqualTo(19);
    now = now.plusSeconds(2);
    Budget later = budget(settings);
    later.beforeOrder(HOST, Occasion.FIRST);
    refused(() -> later.beforeOrder(HOST, Occasion.FIRST));
  }

  @Test
  void whoStartsAgainAndAgainHasNoMore() throws Exception {
    int allowed = 0;
    for (int crash = 0; crash < 8; crash++) {
      try (Storage share =
          new Storage(
              new StorageSettings(directory, Duration.ofMinutes(1)), StorageAccess.DIRECT)) {
        Budget theirs = budget(settings(LETSENCRYPT), share);
        now = now.plusSeconds(1);
        allowed += isAllowed(() -> theirs.beforeCertificate(HOST, Occasion.FIRST)) ? 1 : 0;
      }
    }
    assertThat(allowed).isEqualTo(5);
  }

  @Test
  void anUnknownCaHasNoLimitsUnlessTheyAreSet() throws Exception {
    Budget private1 = budget(settings(URI.create("https://ca.lan/dir")));
    for (int i = 0; i < 60; i++) {
      private1.beforeOrder(HOST, Occasion.FIRST);
      private1.beforeCertificate(HOST, Occasion.FIRST);
      private1.beforeValidation(HOST);
    }
    assertThat(directory.resolve("accounts/ca.lan_dir/budget/@account.json")).doesNotExist();
    Budget off = budget(settings(LETSENCRYPT).withLimits(AcmeLimits.NONE));
    for (int i = 0; i < 60; i++) {
      off.beforeCertificate(HOST, Occasion.FIRST);
    }
  }

  @Test
  void aCaIsKnownHoweverItsHostIsSpelled() throws Exception {
    Budget spelled = budget(settings(URI.create("https://ACME-V02.api.LetsEncrypt.org/directory")));
    for (int i = 0; i < 5; i++) {
      letTheLastOneBeThere(i, 5);
      spelled.beforeCertificate(HOST, Occasion.RENEWAL);
    }
    refused(() -> spelled.beforeCertificate(HOST, Occasion.RENEWAL));
  }

  @Test
  void stagingHasMore() throws Exception {
    Budget staging =
        budget(settings(URI.create("https://acme-staging-v02.api.letsencrypt.org/directory")));
    for (int i = 0; i < 60; i++) {
      letTheLastOneBeThere(i, 60);
      staging.beforeValidation(HOST);
    }
    refused(() -> staging.beforeValidation(HOST));
  }

  @Test
  void whatTheCaAskedForHoldsForAllNamesAndInstancesToTheSecond() throws Exception {
    Instant until = now.plusSeconds(37);
    budget.noOrdersBefore(until);
    Budget another = budget(settings(LETSENCRYPT));
    BudgetException refused = refused(() -> another.beforeOrder(HOST, Occasion.REPLACEMENT));
    assertThat(refused.until()).isEqualTo(until);
    assertThat(refused)
        .hasMessage("the CA takes no more orders of this account until 2026-11-23T12:00:37Z");
    another.beforeContact();
    another.beforeCertificate(HOST, Occasion.FIRST);

    another.silentBefore(until);
    assertThat(refused(budget::beforeContact))
        .hasMessage("the CA asked to be left alone until 2026-11-23T12:00:37Z");
    now = until.minusMillis(1);
    refused(budget::beforeContact);
    now = until;
    budget.beforeContact();
    budget.beforeOrder(HOST, Occasion.FIRST);
  }

  @Test
  void whatIsFullAgainIsNotKept() throws Exception {
    budget.beforeOrder(HOST, Occasion.FIRST);
    budget.beforeCertificate(HOST, Occasion.FIRST);
    Path account =
        directory.resolve("accounts/acme-v02.api.letsencrypt.org_directory/budget/@account.json");
    assertThat(account).content().contains("\"orders\"").contains("\"domain example.org\"");
    now = now.plus(Duration.ofDays(7));
    budget.beforeOrder(host("a.example.net"), Occasion.FIRST);
    assertThat(account).content().contains("\"orders\"").doesNotContain("example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"orders\": \"soon\"}", "{\"orders\":", "[]", "", "null"})
  void aFileThatSomebodyDamagedIsNamedAndNothingOrdered(String damaged) throws Exception {
    budget.beforeOrder(HOST, Occasion.FIRST);
    Path account =
        directory.resolve("accounts/acme-v02.api.letsencrypt.org_directory/budget/@account.json");
    Files.writeString(account, damaged);
    assertThatThrownBy(() -> budget.beforeOrder(HOST, Occasion.FIRST))
        .hasMessageContaining("@account.json: damaged (fix: remove it");
  }

  @Test
  void aDamagedFileOfOneNameStaysAProblemWhenAnotherNameHasNone() throws Exception {
    budget.beforeValidation(HOST);
    Files.writeString(
        directory.resolve(
            "accounts/acme-v02.api.letsencrypt.org_directory/budget/shop.example.org.json"),
        "{");
    assertThatThrownBy(() -> budget.beforeValidation(HOST)).hasMessageContaining("damaged");
    budget.beforeValidation(host("other.example.org"));
    assertThat(storage.problems().current())
        .singleElement()
        .asString()
        .contains("shop.example.org.json: damaged");
  }

  @Test
  void namesOnDemandLeaveHalfOfTheLimitsToHostsThatAreRouted() throws Exception {
    for (int i = 0; i < 25; i++) {
      letTheLastOneBeThere(i, 25);
      HostPattern name = host("u%d.example.org".formatted(i));
      budget.beforeOrder(name, Occasion.ON_DEMAND);
      budget.beforeCertificate(name, Occasion.ON_DEMAND);
    }
    HostPattern another = host("u25.example.org");
    BudgetException refused = refused(() -> budget.beforeOrder(another, Occasion.ON_DEMAND));
    assertThat(refused)
        .hasMessage(
            "half of the CA's limit of 50 certificates in 7 days for example.org is kept for hosts"
                + " that are routed by name, names on demand go on at 2026-11-23T15:21:38Z");
    refused(() -> budget.beforeCertificate(another, Occasion.ON_DEMAND));
    budget.beforeOrder(host("u25.example.net"), Occasion.ON_DEMAND);
    budget.beforeOrder(HOST, Occasion.FIRST);

    now = refused.until();
    budget.beforeOrder(another, Occasion.ON_DEMAND);
    budget.beforeCertificate(another, Occasion.ON_DEMAND);
    refused(() -> budget.beforeCertificate(another, Occasion.ON_DEMAND));
    for (int i = 0; i < 25; i++) {
      letTheLastOneBeThere(i, 25);
      budget.beforeCertificate(host("named%d.example.org".formatted(i)), Occasion.FIRST);
    }
  }

  @Test
  void namesOnDemandLeaveHalfOfTheOrdersOfTheAccount() throws Exception {
    for (int i = 0; i < 150; i++) {
      letTheLastOneBeThere(i, 150);
      budget.beforeOrder(host("a%d.example%d.org".formatted(i, i)), Occasion.ON_DEMAND);
    }
    assertThat(refused(() -> budget.beforeOrder(HOST, Occasion.ON_DEMAND)))
        .hasMessageStartingWith("half of the CA's limit of 300 orders in 3 h for the account");
    budget.beforeOrder(HOST, Occasion.FIRST);
  }

  /** The last token of a full bucket comes two seconds late. */
  private void letTheLastOneBeThere(int spent, int all) {
    if (spent == all - 1) {
      now = now.plusSeconds(2);
    }
  }

  private static BudgetException refused(Spending spending) {
    BudgetException refused = catchThrowableOfType(BudgetException.class, spending::run);
    assertThat(refused).as("it is refused").isNotNull();
    return refused;
  }

  private static boolean isAllowed(Spending spending) throws Exception {
    try {
      spending.run();
      return true;
    } catch (BudgetException e) {
      return false;
    }
  }

  private Budget budget(AcmeSettings settings) {
    return budget(settings, storage);
  }

  private Budget budget(AcmeSettings settings, Storage share) {
    return new Budget(
        settings,
        new BudgetStorage(share, settings.directory()),
        new Locks(share, Clock.systemUTC()),
        () -> now);
  }

  private static AcmeSettings settings(URI directory) {
    return new AcmeSettings(
        directory, Optional.empty(), Optional.empty(), AcmeSettings.Challenge.HTTP_01);
  }

  private static HostPattern host(String name) {
    return new HostPattern(false, name);
  }

  @FunctionalInterface
  private interface Spending {
    void run() throws Exception;
  }
}
