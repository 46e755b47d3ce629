package dev.fairlead.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.bootstrap.DnsSettings.Exec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real scripts. */
class ExecProviderTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final TxtRecord RECORD =
      new TxtRecord("_acme-challenge.example.com", "-$(id)'\" `*".repeat(3));

  private static final String EXPECTED =
      " (expected: acme.dns.command ends with 0; run it by hand to see all that it says)";

  @TempDir Path directory;

  @Test
  void callsItWithActionNameAndValueAsTheyAre() throws Exception {
    DnsProvider provider = provider("printf '<%%s>' \"$#\" \"$@\" >> \"%1$s/called\"", PATIENT);

    provider.present(RECORD);
    provider.cleanup(RECORD);

    assertThat(Files.readString(directory.resolve("called")))
        .isEqualTo(
            "<3><present><%1$s><%2$s><3><cleanup><%1$s><%2$s>"
                .formatted(RECORD.name(), RECORD.value()));
  }

  @Test
  void givesItNothingOfOurEnvironment() throws Exception {
    provider("tr '\\0' '\\n' < /proc/$$/environ > \"%1$s/environment\"", PATIENT).present(RECORD);

    assertThat(Files.readAllLines(directory.resolve("environment")))
        .singleElement()
        .asString()
        .startsWith("PATH=/usr/local/sbin:");
  }

  @Test
  void saysItsLastLineWhenItFails() {
    assertThatThrownBy(
            () ->
                provider(
                        "seq 1 100000; echo; echo 'no such zone' >&2; printf '\\n \\n'; exit 7",
                        PATIENT)
                    .present(RECORD))
        .isInstanceOf(DnsException.class)
        .hasMessage(script() + " present ended with 7: no such zone" + EXPECTED);
  }

  @Test
  void saysThatItSaidNothing() {
    assertThatThrownBy(() -> provider("exit 1", PATIENT).cleanup(RECORD))
        .hasMessage(script() + " cleanup ended with 1 and said nothing" + EXPECTED);
  }

  @Test
  void endsItAndWhatItStartedAfterItsTime() throws Exception {
    assertThatThrownBy(
            () ->
                provider(
                        "sleep 1000 & echo $! > \"%1$s/pid.new\"; mv \"%1$s/pid.new\" \"%1$s/pid\";"
                            + " wait",
                        Duration.ofSeconds(3))
                    .present(RECORD))
        .hasMessageContaining("present did not end within 3 s");

    long child = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    await().until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void doesNotWaitForWhatItLeftRunning() throws Exception {
    provider("sleep 1000 & echo $! > \"%1$s/pid\"; exit 0", PATIENT).present(RECORD);

    long child = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    Optional<ProcessHandle> left = ProcessHandle.of(child);
    assertThat(left).isPresent();
    left.get().destroyForcibly();
  }

  @Test
  void saysThatThereIsNoSuchProgram() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> new ExecProvider(new Exec(missing), PATIENT).present(RECORD))
        .isInstanceOf(DnsException.class)
        .hasMessage(
            "acme.dns.command: %s does not exist (expected: a program that may be run here)"
                .formatted(missing));
  }

  @Test
  void saysThatItMayNotBeExecuted() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> new ExecProvider(new Exec(text), PATIENT).present(RECORD))
        .hasMessageContaining("may not be executed");
  }

  private Path script() {
    return directory.resolve("hook with blanks");
  }

  /** A script, in which {@code %1$s} is the test's directory. */
  private DnsProvider provider(String script, Duration limit) throws IOException {
    Files.writeString(script(), "#!/bin/sh\n" + script.formatted(directory) + "\n");
    Files.setPosixFilePermissions(script(), PosixFilePermissions.fromString("rwx------"));
    return new ExecProvider(new Exec(script()), limit);
  }
}
