package dev.fairlead.conformance.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every seed, without a fuzzer: what was found once stays repaired. */
class SeedsTest {

  private final Seeds seeds = Seeds.ofModule();

  @TestFactory
  List<DynamicTest> everySeedKeepsWhatMustHold() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Target target : Target.values()) {
      for (Path seed : seeds.of(target)) {
        tests.add(
            dynamicTest(
                target + "/" + seed.getFileName(), () -> target.run(Files.readAllBytes(seed))));
      }
    }
    return tests;
  }

  @ParameterizedTest
  @EnumSource
  void noInputAtAllIsOne(Target target) {
    target.run(new byte[0]);
  }

  @Test
  void everyTargetHasSeedsAndEverySeedATarget() throws IOException {
    for (Target target : Target.values()) {
      assertThat(seeds.of(target)).as(target.toString()).hasSizeGreaterThan(2);
    }
    try (var folders = Files.list(seeds.root())) {
      assertThat(folders.filter(Files::isDirectory).map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrderElementsOf(
              List.of(Target.values()).stream().map(Target::toString).toList());
    }
  }
}
