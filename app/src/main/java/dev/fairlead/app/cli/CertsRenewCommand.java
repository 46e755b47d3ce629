package dev.fairlead.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fairlead certs renew}: a new certificate now, whatever the age of the one there is. */
@Command(
    name = "renew",
    description =
        "Have a new certificate of a name ordered now, by the proxies that run on the storage.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CertsRenewCommand implements Callable<Integer> {

  @Mixin private NewCertificate wish = new NewCertificate();

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    return wish.ask(command, (actions, host, _) -> actions.renew(host));
  }
}
