package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateCopyTest {

  private static final Instant NOW = Instant.parse("2026-11-26T10:15:00Z");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final URI CA = URI.create("https://ca.example/dir");
  private static final URI OTHER_CA = URI.create("https://other.example/dir");
  private static final CopiedName SHOP =
      new CopiedName(new HostPattern(false, "shop.example.org"), CA);
  private static final CopiedName SHOP_AT_OTHER_CA = new CopiedName(SHOP.host(), OTHER_CA);
  private static final CopiedName BLOG =
      new CopiedName(new HostPattern(false, "blog.example.org"), CA);

  @TempDir Path directory;
  private Storage share;
  private CertificateCopy copy;

  @BeforeEach
  void open() {
    share =
        new Storage(new StorageSettings(directory.resolve("share"), TIMEOUT), StorageAccess.DIRECT);
    copy = copy();
  }

  @AfterEach
  void close() {
    copy.close();
    share.close();
  }

  @Test
  void hasWhatTheShareHadLast() throws Exception {
    assertThat(copy.take(SHOP, NOW)).isEmpty();
    copy.keep(SHOP, pair(SHOP, 60), NOW);
    KeyAndChain renewed = pair(SHOP, 60);
    copy.keep(SHOP, renewed, NOW.plusSeconds(1));
    try (CertificateCopy later = copy()) {
      assertThat(later.take(SHOP, NOW)).contains(renewed);
      assertThat(later.hosts()).containsExactly(SHOP.host());
    }
    assertThat(copy.problems().current()).isEmpty();
  }

  @Test
  void isSomethingThatAStorageCanBeMadeOf() throws Exception {
    KeyAndChain pair = pair(SHOP, 60);
    copy.keep(SHOP, pair, NOW);
    try (Storage storage =
        new Storage(new StorageSettings(place(), TIMEOUT), StorageAccess.DIRECT)) {
      assertThat(new CertificateStorage(storage, CA).loadFresh(SHOP.host()).pair()).contains(pair);
    }
  }

  @Test
  void nobodyElseMayReadIt() throws Exception {
    copy.keep(SHOP, pair(SHOP, 60), NOW);
    copy.sweep(List.of(SHOP), NOW);
    try (Stream<Path> all = Files.walk(place())) {
      for (Path path : all.filter(each -> !Files.isSymbolicLink(each)).toList()) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)))
            .as("%s", path)
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() throws Exception {
    KeyAndChain pair = pair(SHOP, 60);
    copy.keep(SHOP, pair, NOW);
    List<String> before = generations(SHOP);
    try (CertificateCopy later = copy()) {
      later.keep(SHOP, pair, NOW.plusSeconds(60));
    }
    assertThat(generations(SHOP)).isEqualTo(before).hasSize(1);
  }

  @Test
  void whatHasEndedIsOfNoUse() throws Exception {
    copy.keep(SHOP, pair(SHOP, 60), NOW);
    assertThat(copy.take(SHOP, NOW.plus(Duration.ofDays(59)))).isPresent();
    assertThat(copy.take(SHOP, NOW.plus(Duration.ofDays(60)))).isEmpty();
  }

  @Test
  void itsUseIsSaidOnceUntilTheShareAnswersForAllNames() throws Exception {
    copy.keep(SHOP, pair(SHOP, 60), NOW);
    copy.keep(BLOG, pair(BLOG, 60), NOW);
    copy.take(SHOP, NOW);
    copy.take(BLOG, NOW);
    String sentence =
        "storage %s: cannot be used, so certificates are served from the copy in %s, and none is ordered"
            .formatted(directory.resolve("share"), place());
    assertThat(share.problems().current()).containsExactly(sentence);
    copy.shareAnswered(SHOP);
    assertThat(share.problems().current()).containsExactly(sentence);
    copy.shareAnswered(BLOG);
    assertThat(share.problems().current()).isEmpty();
  }

  @Test
  void whatTheShareHasNoMoreIsRemoved() throws Exception {
    copy.keep(SHOP, pair(SHOP, 60), NOW);
    copy.keep(SHOP, pair(SHOP, 60), NOW.plusSeconds(1));
    copy.keep(BLOG, pair(BLOG, 60), NOW);
    copy.remove(SHOP);
    copy.remove(new CopiedName(new HostPattern(true, "never.example.org"), CA));
    assertThat(names()).containsExactly("blog.example.org");
    assertThat(copy.take(SHOP, NOW)).isEmpty();
    assertThat(copy.problems().current()).isEmpty();

    KeyAndChain again = pair(SHOP, 60);
    copy.keep(SHOP, again, NOW);
    assertThat(copy.take(SHOP, NOW)).contains(again);
  }

  @Test
  void whatIsNotWantedForAWeekIsRemoved() throws Exception {
    KeyAndChain pair = pair(SHOP, 60);
    copy.keep(SHOP, pair, NOW);
    copy.keep(BLOG, pair(BLOG, 60), NOW);
    copy.sweep(List.of(SHOP, BLOG), NOW);

    copy.sweep(List.of(BLOG), NOW.plus(Duration.ofDays(6)));
    assertThat(names()).contains("shop.example.org", "blog.example.org");
    copy.sweep(List.of(BLOG), NOW.plus(Duration.ofDays(7)));
    assertThat(names()).containsExactly("blog.example.org");

    copy.keep(SHOP, pair, NOW.plus(Duration.ofDays(8)));
    assertThat(copy.take(SHOP, NOW)).as("wanted once more").contains(pair);
  }

  @Test
  void certificatesOfACaThatIsNotAskedAnyMoreAreNotWanted() throws Exception {
    copy.keep(SHOP_AT_OTHER_CA, pair(SHOP, 60), NOW);
    copy.keep(SHOP, pair(SHOP, 60), NOW);
    copy.sweep(List.of(SHOP), NOW);
    copy.sweep(List.of(SHOP), NOW.plus(Duration.ofDays(8)));
    assertThat(authorities()).containsExactly("ca.example_dir");
  }

  @Test
  void certificatesOfBothCasStay() throws Exception {
    KeyAndChain first = pair(SHOP, 60);
    KeyAndChain second = pair(SHOP, 60);
    copy.keep(SHOP, first, NOW);
    copy.keep(SHOP_AT_OTHER_CA, second, NOW);
    copy.sweep(List.of(SHOP, SHOP_AT_OTHER_CA), NOW);
    copy.sweep(List.of(SHOP, SHOP_AT_OTHER_CA), NOW.plus(Duration.ofDays(8)));
    assertThat(copy.take(SHOP, NOW)).contains(first);
    assertThat(copy.take(SHOP_AT_OTHER_CA, NOW)).contains(second);
  }

  @Test
  void whatOneCaDoesNotHaveTheOtherOneMayHave() throws Exception {
    KeyAndChain pair = pair(SHOP, 60);
    copy.keep(SHOP_AT_OTHER_CA, pair, NOW);
    copy.remove(SHOP);
    assertThat(authorities()).containsExactly("other.example_dir");
    assertThat(copy.take(SHOP_AT_OTHER_CA, NOW)).contains(pair);
  }

  @Test
  void itsUseIsSaidUntilTheShareAnswersForTheCaWhoseCertificateIsUsed() throws Exception {
    copy.keep(SHOP_AT_OTHER_CA, pair(SHOP, 60), NOW);
    assertThat(copy.take(SHOP, NOW)).isEmpty();
    copy.take(SHOP_AT_OTHER_CA, NOW);
    copy.shareAnswered(SHOP);
    assertThat(share.problems().current()).hasSize(1);
    copy.shareAnswered(SHOP_AT_OTHER_CA);
    assertThat(share.problems().current()).isEmpty();
  }

  @Test
  void aPlaceThatCannotBeUsedIsNamedWithItsSetting() throws Exception {
    Files.writeString(place(), "in the way");
    copy.keep(SHOP, pair(SHOP, 60), NOW);
    copy.sweep(List.of(SHOP), NOW);
    copy.remove(SHOP);
    assertThat(copy.take(SHOP, NOW)).isEmpty();
    assertThat(copy.problems().current())
        .containsExactly(
            "storage %s: not a directory (fix: set storage.copy to a directory)"
                .formatted(place()));
    assertThat(share.problems().current()).isEmpty();

    Files.delete(place());
    KeyAndChain pair = pair(SHOP, 60);
    copy.keep(SHOP, pair, NOW);
    assertThat(copy.take(SHOP, NOW)).contains(pair);
  }

  private CertificateCopy copy() {
    return new CertificateCopy(place(), TIMEOUT, share);
  }

  private List<String> authorities() throws IOException {
    try (Stream<Path> folders = Files.list(place().resolve("certificates/shop.example.org"))) {
      return folders.map(path -> path.getFileName().toString()).toList();
    }
  }

  private Path place() {
    return directory.resolve("copy");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> names = Files.list(place().resolve("certificates"))) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }

  private List<String> generations(CopiedName name) throws IOException {
    Path folder =
        place().resolve("certificates").resolve(name.host().suffix()).resolve("ca.example_dir");
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(generation -> generation.startsWith("2026"))
          .toList();
    }
  }

  private static KeyAndChain pair(CopiedName name, int days) {
    KeyPair key = Keys.newP256();
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder("test", key.getPublic(), NOW, Duration.ofDays(days))
                .name(name.host())
                .selfSigned(key)));
  }
}
