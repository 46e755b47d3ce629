import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLException;

/** Counts the exchanges of one kind. Thread-safe. */
final class Tally {
  private final String kind;
  private final Map<String, Integer> failures = new TreeMap<>();
  private int requests;
  private long lastGood = System.nanoTime();
  private long longestPauseNanos;

  Tally(String kind) {
    this.kind = kind;
  }

  void count(Exchange exchange) {
    try {
      exchange.run();
      succeeded();
    } catch (Exception failure) {
      failed(nameOf(failure));
    }
  }

  private synchronized void succeeded() {
    requests++;
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

  @Override
  public synchronized String toString() {
    int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
    return "%s: %d requests, %d failed %s, longest pause %d ms"
        .formatted(kind, requests, failed, failures, longestPauseNanos / 1_000_000);
  }
}
