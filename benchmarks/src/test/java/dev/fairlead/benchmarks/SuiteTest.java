package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

class SuiteTest {

  private static final String[] ONCE = {
    "RouteBenchmark.find$", "-f", "0", "-wi", "0", "-i", "2", "-bm", "ss", "-prof", "gc"
  };

  @Test
  void everyIterationIsALineOfRawData(@TempDir Path folder)
      throws IOException, CommandLineOptionException {
    Path raw = Files.writeString(folder.resolve("raw.tsv"), "what was there\n");
    assertThat(Suite.run(new CommandLineOptions(ONCE), raw)).isTrue();
    assertThat(Files.readAllLines(raw)).startsWith("what was there").hasSize(1 + 3 * 2 * 2);
    assertThat(raw)
        .content()
        .containsPattern("\njmh RouteBenchmark.find routes=10\tfairlead\t1\tns/op\t[0-9.E]+\n")
        .containsPattern("\njmh RouteBenchmark.find routes=100000\tfairlead\t2\tB/op\t[0-9.E]+\n");
  }
}
