package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies pass that are many times larger than all the memory that the process may have. */
class LargerThanMemoryTest {

  /** Of the heap, and as much again outside of it. */
  private static final String MEMORY = "40m";

  private static final long EIGHT_TIMES = 8L * 2 * 40 * 1024 * 1024;

  /** More than 32 bits can count. */
  private static final long BEYOND_32_BITS = (1L << 32) + 64 * 1024;

  @ParameterizedTest
  @EnumSource(LargeTransfer.Kind.class)
  void aBodyPassesThatIsLargerThanMemory(LargeTransfer.Kind kind) throws Exception {
    assertThat(transfer(kind, EIGHT_TIMES)).isEqualTo(Long.toString(EIGHT_TIMES));
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource(LargeTransfer.Kind.class)
  void aBodyPassesWhoseLengthIsNoInt(LargeTransfer.Kind kind) throws Exception {
    assertThat(transfer(kind, BEYOND_32_BITS)).isEqualTo(Long.toString(BEYOND_32_BITS));
  }

  /** The last line of the process. */
  private static String transfer(LargeTransfer.Kind kind, long bytes)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + MEMORY,
                "-XX:MaxDirectMemorySize=" + MEMORY,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                LargeTransfer.class.getName(),
                kind.name(),
                Long.toString(bytes))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().reduce("", (before, line) -> line);
  }

  // Surefire's own is a jar that names the rest, in a place of its own.
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
  }
}
