package dev.fairlead.config.load;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.Settings;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lines: flags ({@code --key=value}) and variables ({@code NAME=value}). They are settings, or
 * problems that show no password.
 */
public final class SettingsFuzzer {

  private static final String PASSWORD = "hunter2";

  private SettingsFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Map<String, String> flags = new TreeMap<>();
    Map<String, String> variables = new TreeMap<>();
    for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
      int equals = Math.max(0, line.indexOf('='));
      String key = line.substring(0, equals);
      String value = line.substring(Math.min(line.length(), equals + 1));
      if (key.startsWith("--")) {
        flags.put(key.substring(2), value);
      } else if (!key.endsWith("_FILE")) {
        // Those name files of this machine.
        variables.put(key, value);
      }
    }
    Parsed<Settings> parsed = SettingsLoader.load(Optional.empty(), variables, flags);
    same(
        SettingsLoader.load(Optional.empty(), new HashMap<>(variables), new HashMap<>(flags)),
        parsed,
        "settings in any order");
    switch (parsed) {
      case Parsed.Invalid<?>(var problems) -> {
        Sentences.check(problems);
        noPassword(problems, flags.get("docker.endpoint"));
        noPassword(problems, variables.get("FAIRLEAD_DOCKER_ENDPOINT"));
      }
      case Parsed.Valid(var settings) -> check(settings);
    }
  }

  private static void noPassword(List<Problem> problems, @Nullable String address) {
    if (address != null && isSecretIn(address)) {
      for (Problem problem : problems) {
        boolean about = problem.path().toLowerCase(Locale.ROOT).contains("endpoint");
        holds(!about || !problem.toString().contains(PASSWORD), "no password is shown");
      }
    }
  }

  // Not where it is part of what may be shown: the scheme before it, or the host behind it.
  private static boolean isSecretIn(String address) {
    int begin = address.indexOf("//");
    int end = address.lastIndexOf('@');
    return begin >= 0
        && end > begin
        && address.substring(begin, end).contains(PASSWORD)
        && !address.substring(0, begin).contains("@")
        && !address.substring(0, begin).contains(PASSWORD)
        && !address.substring(end).contains(PASSWORD);
  }

  private static void check(Settings settings) {
    holds(!settings.timeouts().header().isNegative(), "a limit of time is one");
    holds(settings.limits().connections() > 0, "some connections are allowed");
    holds(
        settings.listeners().http().port() == 0
            || !settings.listeners().http().equals(settings.listeners().https()),
        "two listeners have two addresses");
  }
}
