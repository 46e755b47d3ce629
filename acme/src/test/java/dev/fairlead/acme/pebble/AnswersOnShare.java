package dev.fairlead.acme.pebble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Answers to http-01 as any instance finds them on the share, but without the time limit that
 * instances have: a busy machine must not make a validation fail.
 */
public final class AnswersOnShare implements Function<String, CompletionStage<Optional<String>>> {

  private final Path directory;

  /**
   * @param storage the storage's directory
   */
  public AnswersOnShare(Path storage) {
    this.directory = storage.resolve("challenges/http-01");
  }

  @Override
  public CompletionStage<Optional<String>> apply(String token) {
    return CompletableFuture.completedFuture(read(directory.resolve(token)));
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }
}
