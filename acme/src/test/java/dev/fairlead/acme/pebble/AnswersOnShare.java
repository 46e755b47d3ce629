package dev.fairlead.acme.pebble;

import dev.fairlead.acme.challenge.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Answers to http-01 as any instance finds them on the share, but without the time limit that
 * instances have: a busy machine must not make a validation fail.
 */
public final class AnswersOnShare implements Function<String, CompletionStage<Answer<String>>> {

  private final Path directory;

  /**
   * @param storage the storage's directory
   */
  public AnswersOnShare(Path storage) {
    this.directory = storage.resolve("challenges/http-01");
  }

  @Override
  public CompletionStage<Answer<String>> apply(String token) {
    return CompletableFuture.completedFuture(read(directory.resolve(token)));
  }

  private static Answer<String> read(Path file) {
    try {
      return new Answer.Found<>(Files.readString(file));
    } catch (NoSuchFileException e) {
      return new Answer.None<>();
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }
}
