import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** Counts the exchanges of one kind. Thread-safe. */
final class Tally {
  private final String kind;
  private final Consumer<String> failureLines;
  private final Map<String, Integer> failures = new TreeMap<>();
  private final Map<String, Latencies> tasks = new TreeMap<>();
  private int requests;
  private int unfinished;
  private long lastGood = System.nanoTime();
  private long longestPauseNanos;

  /**
   * @param failureLines is told of each failure, in tab-separated fields: when the request left, in
   *     milliseconds of the epoch; how many later it failed; kind; task; what went wrong
   */
  Tally(String kind, Consumer<String> failureLines) {
    this.kind = kind;
    this.failureLines = failureLines;
  }

  void count(Exchange exchange) {
    Seen seen = new Seen();
    long at = System.currentTimeMillis();
    long start = System.nanoTime();
    try {
      exchange.run(seen);
      succeeded(seen, System.nanoTime() - start);
    } catch (Exception failure) {
      String name = nameOf(failure);
      failed(name);
      long after = (System.nanoTime() - start) / 1_000_000;
      failureLines.accept("%d\t%d\t%s\t%s\t%s".formatted(at, after, kind, seen.task, name));
    }
  }

  private synchronized void succeeded(Seen seen, long nanos) {
    requests++;
    if (seen.unfinished) {
      unfinished++;
    }
    tasks.computeIfAbsent(seen.task, _ -> new Latencies()).add(nanos);
    long now = System.nanoTime();
    longestPauseNanos = Math.max(longestPauseNanos, now - lastGood);
    lastGood = now;
  }

  private synchronized void failed(String name) {
    requests++;
    failures.merge(name, 1, Integer::sum);
  }

  private static String nameOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "untrusted certificate";
      }
    }
    return switch (failure) {
      case WrongAnswer _ -> failure.getMessage();
      case ConnectException _ -> "connection refused";
      case SocketTimeoutException _, HttpTimeoutException _ -> "no answer in time";
      case EOFException _ -> "closed before the end of the answer";
      case SSLException _ -> "TLS: " + failure.getMessage();
      case SocketException _ -> "connection: " + failure.getMessage();
      default -> failure.toString();
    };
  }

  /** How many were answered by each task, and how fast: {@code KIND TASK COUNT P50 P99}, in µs. */
  synchronized String byTask() {
    StringBuilder lines = new StringBuilder();
    Latencies all = new Latencies();
    for (var each : tasks.entrySet()) {
      lines.append(line(each.getKey().isEmpty() ? "unknown" : each.getKey(), each.getValue()));
      all.add(each.getValue());
    }
    return lines.append(line("all", all)).toString();
  }

  private String line(String task, Latencies latencies) {
    return "%s\t%s\t%d\t%d\t%d%n"
        .formatted(
            kind, task, latencies.count(), latencies.percentile(50), latencies.percentile(99));
  }

  @Override
  public synchronized String toString() {
    int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
    return "%s: %d requests, %d failed %s, longest pause %d ms%s"
        .formatted(
            kind,
            requests,
            failed,
            failures,
            longestPauseNanos / 1_000_000,
            unfinished > 0 ? ", " + unfinished + " left before their end" : "");
  }

  /** Times of answers. */
  private static final class Latencies {
    private int[] micros = new int[1000];
    private int count;

    void add(long nanos) {
      if (count == micros.length) {
        micros = Arrays.copyOf(micros, 2 * count);
      }
      micros[count++] = (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
    }

    void add(Latencies others) {
      int[] both = Arrays.copyOf(micros, count + others.count);
      System.arraycopy(others.micros, 0, both, count, others.count);
      micros = both;
      count = both.length;
    }

    int count() {
      return count;
    }

    /** Zero when there are none. */
    int percentile(int percent) {
      int[] sorted = Arrays.copyOf(micros, count);
      Arrays.sort(sorted);
      return count == 0 ? 0 : sorted[(int) ((count - 1L) * percent / 100)];
    }
  }
}
