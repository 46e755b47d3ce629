package dev.fairlead.app.cli;

import dev.fairlead.app.log.LogSetup;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.schema.AcmeDnsOptions;
import dev.fairlead.config.schema.AcmeOptions;
import dev.fairlead.config.schema.FallbackOptions;
import dev.fairlead.config.schema.Option;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that look into the storage have in common. */
final class StorageCommands {

  private StorageCommands() {}

  /** What makes a difference for all of them. */
  static boolean uses(Option<?> setting) {
    return setting.key().startsWith("storage.")
        || setting.equals(AcmeOptions.DIRECTORY)
        || setting.equals(FallbackOptions.DIRECTORY);
  }

  /** What makes a difference for one of them. */
  static Predicate<Option<?>> usedBy(String command) {
    return switch (command) {
      case "revoke", "rollover" -> StorageCommands::usesAtAuthorities;
      case "record" -> setting -> usesAtAuthorities(setting) || usesForRecords(setting);
      default -> StorageCommands::uses;
    };
  }

  private static boolean usesForRecords(Option<?> setting) {
    return setting.key().startsWith("acme.dns-persist.")
        || setting.key().startsWith("acme.staging")
        || setting.equals(AcmeDnsOptions.RESOLVER);
  }

  private static boolean usesAtAuthorities(Option<?> setting) {
    return uses(setting)
        || setting.equals(AcmeOptions.CA_ROOT)
        || setting.key().startsWith("acme.eab.")
        || setting.equals(FallbackOptions.CA_ROOT)
        || setting.key().startsWith("acme.fallback.eab.");
  }

  /**
   * The settings as {@code run} reads them. From now on the log is silent: it is written to the
   * standard output, and what it would say of the storage the commands say themselves.
   */
  static Optional<Settings> settings(CommandSpec command, PrintWriter err) {
    LogSetup.apply(new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.ERROR, false));
    return SettingsFlags.chosen(command).load(err);
  }
}
