package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask for certificates: what they say when there is nothing to do. */
final class CertsActionsTest {

  private static final int NO = 1;
  private static final int CONFIGURATION = 64;
  private static final String CA = "https://ca.example.org/directory";

  @TempDir private Path folder = Path.of("");

  @Test
  void aNameThatTheStorageDoesNotKnowIsOneSentence() throws Exception {
    try (FairleadProcess renew = start("certs", "renew", "shop.example.com");
        FairleadProcess revoke = start("certs", "revoke", "shop.example.com")) {
      assertThat(renew.exitCode()).isEqualTo(NO);
      assertThat(renew.err())
          .containsExactly(
              "shop.example.com: the storage knows nothing of it (expected: a name that a service"
                  + " has)");
      assertThat(revoke.exitCode()).isEqualTo(NO);
      assertThat(revoke.err()).containsExactly("shop.example.com: no certificate of it is stored");
      assertThat(folder.resolve("storage")).doesNotExist();
    }
  }

  @Test
  void withoutAnAccountThereIsNothingToRollOver() throws Exception {
    try (FairleadProcess process = start("certs", "rollover")) {
      assertThat(process.exitCode()).isEqualTo(NO);
      assertThat(process.out()).isEqualTo(CA + ": there is no account yet\n");
      assertThat(process.err()).isEmpty();
      assertThat(folder.resolve("storage")).doesNotExist();
    }
  }

  @Test
  void withoutAnAccountThereIsNoRecordToSet() throws Exception {
    try (FairleadProcess process = start("certs", "record", "*.shop.example.com");
        FairleadProcess wrong = start("certs", "record", "not a host");
        FairleadProcess address = start("certs", "record", "203.0.113.5")) {
      assertThat(process.exitCode()).isEqualTo(NO);
      assertThat(process.out()).isEmpty();
      assertThat(process.err())
          .containsExactly(
              CA
                  + ": there is no account at the CA yet (expected: a proxy that runs makes one at"
                  + " its first order)");
      assertThat(folder.resolve("storage")).doesNotExist();
      assertThat(wrong.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(address.exitCode()).isEqualTo(CONFIGURATION); // DNS says nothing of it
    }
  }

  @Test
  void whatRootWouldWriteTheProxyCouldNotRead() throws Exception {
    Path storage = Files.createDirectory(folder.resolve("storage"));
    assumeTrue("0".equals(String.valueOf(Files.getAttribute(storage, "unix:uid"))), "not root");
    Files.setAttribute(storage, "unix:uid", 10001);
    for (String[] arguments :
        new String[][] {
          {"certs", "renew", "shop.example.com"},
          {"certs", "revoke", "shop.example.com"},
          {"certs", "rollover"}
        }) {
      try (FairleadProcess process = start(arguments)) {
        assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
        assertThat(process.err())
            .containsExactly(
                "storage %s: belongs to uid 10001, and this runs as uid 0 (fix: run it as uid 10001, in a container by docker exec -u 10001 <container> fairlead …)"
                    .formatted(storage));
        assertThat(process.out()).isEmpty();
        assertThat(storage).isEmptyDirectory();
      }
    }
  }

  @Test
  void whatIsWrongWithTheCommandLineIsOneSentence() throws Exception {
    try (FairleadProcess host = start("certs", "renew", "not a host");
        FairleadProcess underscore = start("certs", "renew", "_dmarc.example.com");
        FairleadProcess reason =
            start("certs", "revoke", "--reason", "why-not", "shop.example.com");
        FairleadProcess nothing = start("certs", "renew")) {
      assertThat(host.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(host.err().getFirst())
          .isEqualTo("not a host (expected: a host such as shop.example.com)");
      assertThat(underscore.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(reason.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(reason.err().getFirst())
          .isEqualTo(
              "--reason: why-not (expected: unspecified or key-compromise or superseded or"
                  + " cessation-of-operation)");
      assertThat(nothing.exitCode()).isEqualTo(CONFIGURATION);
    }
  }

  private FairleadProcess start(String... arguments) throws Exception {
    Map<String, String> environment =
        TestSettings.environment(folder, "FAIRLEAD_ACME_DIRECTORY", CA);
    return FairleadProcess.start(folder, environment, arguments);
  }
}
