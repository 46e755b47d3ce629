package dev.fairlead.app;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Settings of a process that disturbs nobody: ports of the system's choice, on the loopback. */
final class TestSettings {

  private TestSettings() {}

  /**
   * Variables for a process that looks for Docker where there is none.
   *
   * @param more names and values by turns, which win
   */
  static Map<String, String> environment(Path folder, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("FAIRLEAD_LISTENERS_HTTP", "127.0.0.1:0");
    environment.put("FAIRLEAD_LISTENERS_HTTPS", "127.0.0.1:0");
    environment.put("FAIRLEAD_LISTENERS_ADMIN", "127.0.0.1:0");
    environment.put("FAIRLEAD_DOCKER_ENDPOINT", "unix://" + folder.resolve("docker.sock"));
    environment.put("FAIRLEAD_STORAGE_PATH", folder.resolve("storage").toString());
    environment.put("FAIRLEAD_LOG_FORMAT", "text");
    environment.put("FAIRLEAD_STORAGE_TIMEOUT", "1m"); // the machine may be busy
    environment.put("FAIRLEAD_TIMEOUTS_DRAIN", "500ms");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  /** The same as settings by their keys, for a process within the test. */
  static Map<String, String> flags(Path folder, String... more) {
    Map<String, String> flags = new HashMap<>();
    flags.put("listeners.http", "127.0.0.1:0");
    flags.put("listeners.https", "127.0.0.1:0");
    flags.put("listeners.admin", "127.0.0.1:0");
    flags.put("docker.enabled", "false");
    flags.put("storage.path", folder.resolve("storage").toString());
    flags.put("storage.timeout", "1m"); // the machine may be busy
    flags.put("log.format", "text");
    flags.put("file.poll", "100ms");
    flags.put("timeouts.drain", "500ms");
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    return flags;
  }
}
