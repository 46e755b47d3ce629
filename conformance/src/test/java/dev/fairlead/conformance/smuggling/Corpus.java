package dev.fairlead.conformance.smuggling;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the rows; README.md of the module says how they are written. */
final class Corpus {

  private static final int FIRST_NUMBER = 100;
  private static final int LAST_NUMBER = 999;

  private final List<Row> rows = new ArrayList<>();
  private @Nullable RowBuilder message;
  private @Nullable RowBuilder row;

  private Corpus() {}

  /** All rows of all files, by the names of the files. */
  static List<Row> read() throws IOException {
    Corpus corpus = new Corpus();
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".txt")).sorted().toList()) {
        corpus.file(
            file.getFileName().toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
      }
    }
    return corpus.rows;
  }

  /** The rows of one text. */
  static List<Row> parse(String file, String text) {
    Corpus corpus = new Corpus();
    corpus.file(file, text.lines().toList());
    return corpus.rows;
  }

  private static Path folder() throws IOException {
    try {
      return Path.of(Objects.requireNonNull(Corpus.class.getResource("/smuggling")).toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private void file(String file, List<String> lines) {
    message = null;
    for (String line : lines) {
      if (line.startsWith("== ")) {
        endRow();
        row = new RowBuilder(file + ": " + line.substring(3));
      } else if (line.equals("message")) {
        endRow();
        message = new RowBuilder(file + ": a message");
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        take(file, line);
      }
    }
    endRow();
  }

  private void take(String file, String line) {
    RowBuilder of = row != null ? row : message;
    int colon = line.indexOf(": ");
    if (of == null || (!line.startsWith(">") && colon < 0)) {
      throw new IllegalArgumentException("%s: what is this: %s".formatted(file, line));
    }
    if (line.startsWith(">")) {
      of.line(line.equals(">") ? "" : line.substring(2));
    } else {
      of.property(line.substring(0, colon), line.substring(colon + 2));
    }
  }

  private void endRow() {
    if (row != null) {
      int number = FIRST_NUMBER + rows.size();
      if (number > LAST_NUMBER) {
        throw new IllegalArgumentException("too many rows for numbers of three digits");
      }
      rows.add(row.build(number, message));
      row = null;
    }
  }
}
