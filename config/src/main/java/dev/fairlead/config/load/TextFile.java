package dev.fairlead.config.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that people write: UTF-8, of bounded size. */
final class TextFile {

  private static final int MAX_BYTES = 1 << 20;

  /** A file could not be read; the message says why, without what is in it. */
  static final class Unreadable extends Exception {
    Unreadable(String message) {
      super(message);
    }

    String message() {
      return String.valueOf(getMessage());
    }
  }

  private TextFile() {}

  static String read(Path file) throws Unreadable {
    if (Files.isDirectory(file)) {
      throw new Unreadable("is a directory");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new Unreadable("is larger than 1 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new Unreadable("does not exist");
    } catch (AccessDeniedException e) {
      throw new Unreadable("may not be read by this user");
    } catch (CharacterCodingException e) {
      throw new Unreadable("is not UTF-8");
    } catch (IOException e) {
      throw new Unreadable("cannot be read: " + e.getMessage());
    }
  }
}
