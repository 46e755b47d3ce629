package dev.fairlead.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux says of a process ({@code proc(5)}). */
record Proc(long pid) {

  /** Processor time of all its threads since its start; in steps of 10 ms. */
  Duration cpu() throws IOException {
    String stat = Files.readString(file("stat"));
    // the name, in parentheses, may hold anything
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return Duration.ofMillis(ticks * 10);
  }

  /** Proportional set size: its memory, with what it shares counted by parts. */
  long pssKib() throws IOException {
    return Files.readAllLines(file("smaps_rollup")).stream()
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow(() -> new IOException("no Pss in smaps_rollup"));
  }

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
