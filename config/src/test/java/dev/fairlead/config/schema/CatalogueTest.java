package dev.fairlead.config.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {

  static Stream<Option<?>> options() {
    return Stream.concat(
        SettingOptions.ALL.options().stream(), ServiceOptions.STATIC_SERVICE.options().stream());
  }

  @ParameterizedTest
  @MethodSource("options")
  void givesAnExampleThatItReads(Option<?> option) {
    assertThat(option.type().read(option.example())).isInstanceOf(Reading.Read.class);
    assertThat(option.type().read(" " + option.example() + "\n"))
        .isEqualTo(option.type().read(option.example()));
  }

  @ParameterizedTest
  @MethodSource("options")
  void refusesNothingAndEndlessTexts(Option<?> option) {
    assertThat(option.type().read(" \t\n")).isInstanceOf(Reading.Refused.class);
    assertThat(option.type().read("1".repeat(ValueType.MAX_LENGTH + 1)))
        .isInstanceOf(Reading.Refused.class);
  }

  @ParameterizedTest
  @MethodSource("options")
  void throwsForNoText(Option<?> option) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    for (int i = 0; i < 2_000; i++) {
      assertThat(option.type().read(Noise.text(random, option.example()))).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void saysInOneSentenceWhatItMeans(Option<?> option) {
    assertThat(option.doc()).matches("[A-Z`][^|]*\\.").doesNotContain("\n");
    assertThat(option.key()).matches("[a-z]+([.-][a-z]+)*");
  }

  @Test
  void hasAVariableOfItsOwnForEachSetting() {
    List<String> variables = SettingOptions.ALL.options().stream().map(Option::variable).toList();

    assertThat(variables)
        .doesNotHaveDuplicates()
        .contains("FAIRLEAD_LISTENERS_PUBLIC_HTTPS_PORT", "FAIRLEAD_ACME_CA_ROOT")
        .noneMatch(variable -> variable.endsWith("_FILE"));
  }

  @Test
  void leavesNoSettingOut() {
    List<Class<?>> tables =
        List.of(
            SettingOptions.class,
            AcmeOptions.class,
            AcmeDnsOptions.class,
            FallbackOptions.class,
            AlertOptions.class);
    assertThat(tables.stream().flatMap(table -> Stream.of(table.getFields())))
        .filteredOn(field -> field.getType() == Option.class)
        .hasSameSizeAs(SettingOptions.ALL.options());
  }

  @Test
  void refusesAKeyTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Catalogue.of(ServiceOptions.PORT, ServiceOptions.PORT))
        .withMessage("port: twice (expected: once)");
  }

  @Test
  void refusesADefaultThatItsTypeDoesNotRead() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Option.of("port", Types.PORT_NUMBER, "0", "A port."))
        .withMessage("default of port: 0 (expected: a port from 1 to 65535)");
  }

  @Test
  void knowsItsSections() {
    assertThat(SettingOptions.ALL.isSection("acme")).isTrue();
    assertThat(SettingOptions.ALL.isSection("acme.email")).isFalse();
    assertThat(SettingOptions.ALL.isSection("ac")).isFalse();
    assertThat(SettingOptions.ALL.namesBelow("file.")).containsExactly("path", "poll");
    assertThat(SettingOptions.ALL.namesBelow(""))
        .startsWith("domain", "listeners", "trusted", "forwarded", "acme");
  }
}
