package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.Settings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsLoaderTest {

  @Test
  void needsNoSettingAtAll() {
    Parsed<Settings> settings = SettingsLoader.load(Optional.empty(), Map.of(), Map.of());

    assertThat(settings).isInstanceOf(Parsed.Valid.class);
  }
}
