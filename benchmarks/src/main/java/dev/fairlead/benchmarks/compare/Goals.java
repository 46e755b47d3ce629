package dev.fairlead.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;

/** What Fairlead wants to be: every goal in its order, and the table that says what is reached. */
final class Goals {

  private static final String CPU = "cpu_us";

  /** Less than this for each call is the harness's own; the smallest object has 16 bytes. */
  private static final double NO_BYTES = 0.1;

  private static final List<String> PEERS = List.of("nginx", "haproxy");
  private static final List<String> PEERS_OF_BODIES =
      List.of("nginx", "haproxy", "nginx-large", "haproxy-large");
  private static final List<String> CADDY = List.of("caddy");

  private Goals() {}

  static List<Goal> all() {
    List<Goal> goals = new ArrayList<>();
    addCosts(goals, "plain HTTP/1.1, 1 KiB", "h1", PEERS, 1.0, 0.33);
    addCosts(goals, "TLS, HTTP/1.1, 1 KiB", "tls", PEERS, 0.95, 0.33);
    addCosts(goals, "TLS, HTTP/2, 1 KiB", "h2", List.of("haproxy"), 0.95, 0.20);
    goals.add(ratio("TLS, HTTP/2, 1 KiB: CPU", "h2", CPU, List.of("nginx"), 0.65));
    addCosts(goals, "new TLS 1.3 connection for each request", "connect", PEERS, 0.85, 0.65);
    for (String way : List.of("down", "up")) {
      String title = "100 MB " + way;
      addCosts(goals, title + ", plain", way + "-100m", PEERS_OF_BODIES, 1.05, 1.05);
      addCosts(goals, title + ", TLS", way + "-100m-tls", PEERS_OF_BODIES, 0.80, 0.70);
    }
    addLatencies(goals, "plain HTTP/1.1", "rate-h1");
    addLatencies(goals, "TLS, HTTP/1.1", "rate-tls");
    addLatencies(goals, "TLS, HTTP/2", "rate-h2");
    goals.add(ratio("memory of an idle TLS connection", "idle", "each_kib", List.of("nginx"), 1));
    goals.add(own("memory, idle, 1,000 services", "idle-swarm", "pss_kib", 1 / 1024.0, "MiB", 100));
    goals.add(own("processor, idle, 1,000 services", "idle-swarm", "cpu_percent", 1, "%", 1));
    goals.add(own("start, 100 certificates", "start", "first_answer_ms", 1, "ms", 600));
    addPart(goals, "route of 100,000", "RouteBenchmark.find routes=100000", 100);
    addPick(goals, "P2C");
    addPick(goals, "ROUND_ROBIN");
    return List.copyOf(goals);
  }

  static String markdown(Measurements measurements) {
    List<String> lines = new ArrayList<>();
    lines.add("| goal | against the best of | measured | at most | verdict |");
    lines.add("| --- | --- | ---: | ---: | --- |");
    all().forEach(goal -> lines.add(Table.line(goal.row(measurements))));
    return String.join("\n", lines) + "\n";
  }

  private static void addCosts(
      List<Goal> goals,
      String title,
      String benchmark,
      List<String> peers,
      double limit,
      double ofCaddy) {
    goals.add(ratio(title + ": CPU", benchmark, CPU, peers, limit));
    goals.add(ratio(title + ": CPU", benchmark, CPU, CADDY, ofCaddy));
  }

  private static void addLatencies(List<Goal> goals, String title, String benchmark) {
    goals.add(ratio(title + ", fixed rate: p99", benchmark, "p99_us", PEERS, 1.1));
    goals.add(ratio(title + ", fixed rate: p99.9", benchmark, "p999_us", PEERS, 1.3));
  }

  private static void addPick(List<Goal> goals, String balance) {
    String benchmark = "BalancerBenchmark.byTwoThreads balance=%s endpoints=3".formatted(balance);
    addPart(goals, "pick of an endpoint by two threads, " + balance, benchmark, 50);
  }

  private static void addPart(List<Goal> goals, String title, String part, double nanos) {
    goals.add(own(title, "jmh " + part, "ns/op", 1, "ns", nanos));
    goals.add(own(title + ": allocated", "jmh " + part, "B/op", 1, "B", NO_BYTES));
  }

  private static Goal ratio(
      String title, String benchmark, String metric, List<String> others, double limit) {
    return new Goal(title, new Goal.Ratio(benchmark, metric, others), limit);
  }

  private static Goal own(
      String title, String benchmark, String metric, double factor, String unit, double limit) {
    return new Goal(title, new Goal.Own(benchmark, metric, factor, unit), limit);
  }
}
