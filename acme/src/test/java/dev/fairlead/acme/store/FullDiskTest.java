package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that really is full: a small one, in a mount namespace of a process's own. */
class FullDiskTest {

  private static final int BLOCK_BYTES = 4096;

  @TempDir Path directory;

  @Test
  void isSaidLeavesNothingBehindAndIsOverWhenThereIsSpaceAgain() throws Exception {
    assumeThat(Explain.uid()).as("only root may mount").isEqualTo("0");
    assumeThat(Path.of("/usr/bin/unshare")).isExecutable();
    List<String> small =
        List.of(
            "/usr/bin/unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=256k,mode=700 fairlead-test \"$0\" || exit 0; exec \"$@\"",
            directory.toString());
    try (ChildProcess holder =
        ChildProcess.start(small, LockHolder.class, directory.toString(), "shop.example.org")) {
      String said = holder.line();
      assumeThat(said).as("may mount here").isNotEqualTo("it ended");
      assertThat(said).isEqualTo("held");
      holder.say("save");
      assertThat(holder.line()).isEqualTo("saved");

      Path inside = Path.of("/proc", Long.toString(holder.pid()), "root", directory.toString());
      Path filler = inside.resolve("filler");
      fill(filler);
      holder.say("save");
      assertThat(holder.line())
          .isEqualTo("storage %s: full (fix: free some space on it)".formatted(directory));
      try (Stream<Path> entries = Files.walk(inside)) {
        assertThat(entries.map(path -> String.valueOf(path.getFileName())))
            .noneMatch(name -> name.startsWith(".new-") || name.startsWith(".tmp-"));
      }

      Files.delete(filler);
      holder.say("save");
      assertThat(holder.line()).as("it has not lost the lock by it").isEqualTo("saved");
    }
  }

  private static void fill(Path filler) throws IOException {
    try (FileChannel channel =
        FileChannel.open(filler, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  channel.write(ByteBuffer.allocate(BLOCK_BYTES));
                }
              })
          .hasMessageContaining("No space left on device");
    }
  }
}
