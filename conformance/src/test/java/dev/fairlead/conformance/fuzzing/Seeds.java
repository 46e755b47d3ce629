package dev.fairlead.conformance.fuzzing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The inputs that every run begins with: real ones, attacks that are known, and what was found
 * before. They lie with the sources, where what is found is written to.
 *
 * @param root of the module's sources, with a folder for each target
 */
record Seeds(Path root) {

  /** Those of this module; the tests of Maven run in its folder. */
  static Seeds ofModule() {
    return new Seeds(Path.of("src/test/resources/fuzz").toAbsolutePath());
  }

  Path folder(Target target) {
    return root.resolve(target.toString());
  }

  /** Words of the protocol, which mutations would take long to find; may be missing. */
  Path dictionary(Target target) {
    return root.resolve(target + ".dict");
  }

  List<Path> of(Target target) throws IOException {
    try (Stream<Path> files = Files.list(folder(target))) {
      return files.sorted().toList();
    }
  }
}
