package dev.fairlead.proxy.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells of TCP connections, as proc_net_tcp(5) has it. */
public final class SystemSockets {

  /** Timers are told in hundredths of a second, whatever the kernel counts in. */
  private static final int TICKS_PER_SECOND = 100;

  private static final String KEEP_ALIVE = "02";

  private static final int QUEUES = 4;
  private static final int TIMER = 5;

  private SystemSockets() {}

  /** Bytes that the system holds of what one end of a connection has sent. */
  public static long unsentBytes(int fromPort, int toPort) throws IOException {
    return Long.parseLong(column(QUEUES, fromPort, toPort)[0], 16);
  }

  /** When one end of a connection asks whether the other is there; -1 when it does not. */
  public static long secondsToKeepAlive(int fromPort, int toPort) throws IOException {
    String[] timer = column(TIMER, fromPort, toPort);
    return timer[0].equals(KEEP_ALIVE) ? Long.parseLong(timer[1], 16) / TICKS_PER_SECOND : -1;
  }

  // Of two numbers in hexadecimal digits, as ports are.
  private static String[] column(int number, int from, int to) throws IOException {
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns[1].endsWith(":%04X".formatted(from))
            && columns[2].endsWith(":%04X".formatted(to))) {
          return columns[number].split(":", 2);
        }
      }
    }
    throw new IllegalStateException("no such connection");
  }
}
