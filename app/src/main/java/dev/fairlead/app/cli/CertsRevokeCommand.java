package dev.fairlead.app.cli;

import dev.fairlead.acme.issue.RevocationReason;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fairlead certs revoke}: at the CA, and another one with another key in its place. */
@Command(
    name = "revoke",
    description =
        "Revoke the certificate of a name at its authority, and have another one with another key"
            + " ordered by the proxies that run on the storage.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CertsRevokeCommand implements Callable<Integer> {

  @Mixin private NewCertificate wish = new NewCertificate();

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "unspecified, key-compromise, superseded or cessation-of-operation")
  private String reason = "unspecified";

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    RevocationReason why = reason();
    return wish.ask(command, (actions, host, said) -> actions.revoke(host, why, said));
  }

  private RevocationReason reason() {
    for (RevocationReason each : RevocationReason.values()) {
      if (word(each).equals(reason)) {
        return each;
      }
    }
    throw new ParameterException(
        command.commandLine(),
        "--reason: %s (expected: %s)"
            .formatted(
                reason,
                Stream.of(RevocationReason.values())
                    .map(CertsRevokeCommand::word)
                    .collect(Collectors.joining(" or "))));
  }

  private static String word(RevocationReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
