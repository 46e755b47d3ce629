package dev.fairlead.app.cli;

import dev.fairlead.app.log.LogSetup;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that look into the storage have in common. */
final class StorageCommands {

  private StorageCommands() {}

  /** What makes a difference for them. */
  static boolean uses(Option<?> setting) {
    return setting.key().startsWith("storage.")
        || setting.key().equals(SettingOptions.ACME_DIRECTORY.key());
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
