package dev.fairlead.benchmarks.footprint;

import dev.fairlead.training.Bed;
import dev.fairlead.training.Visitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/** One measurement: {@code Footprint CASE COUNT JAVA…}; prints one line. */
final class Footprint {

  private static final int STORED = 100;
  private static final int MANY_SERVICES = 1000;

  private Footprint() {}

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    List<String> java = Arrays.asList(args).subList(2, args.length);
    System.out.println(
        switch (args[0]) {
          case "start" -> start(count, java);
          case "health" -> health(count, java);
          case "idle" -> idle(count, java);
          case "connections" -> connections(count, java);
          default -> throw new IllegalArgumentException("case: " + args[0]);
        });
    System.exit(0);
  }

  private static String start(int rounds, List<String> java)
      throws IOException, GeneralSecurityException, InterruptedException {
    try (Bed bed = Bed.of(STORED)) {
      Visitor visitor = new Visitor(bed);
      List<Long> times = new ArrayList<>();
      List<Long> cpu = new ArrayList<>();
      List<Long> pss = new ArrayList<>();
      // the first makes the local CA, and warms up the visitor
      for (int i = 0; i <= rounds; i++) {
        try (Running proxy = Running.start(bed, visitor, java)) {
          if (i > 0) {
            times.add(proxy.firstAnswer().toMillis());
            cpu.add(proxy.proc().cpu().toMillis());
            pss.add(proxy.proc().pssKib() / 1024);
          }
        } catch (IOException e) {
          throw new IOException(Files.readString(bed.log()), e);
        }
      }
      return "start: first answer %s ms, processor %s ms, %s MiB"
          .formatted(spread(times), spread(cpu), spread(pss));
    }
  }

  private static String health(int rounds, List<String> java)
      throws IOException, GeneralSecurityException, InterruptedException {
    int options = java.indexOf("--");
    try (Bed bed = Bed.of(3);
        Running proxy = Running.start(bed, new Visitor(bed), java.subList(0, options))) {
      if (!proxy.process().isAlive()) {
        throw new IOException("the proxy has ended");
      }
      List<Long> times = new ArrayList<>();
      List<Long> cpu = new ArrayList<>();
      List<String> probe = java.subList(options + 1, java.size());
      List<String> measured =
          new ArrayList<>(List.of("/bin/sh", "-c", "\"$@\"; c=$?; times; exit $c", "sh"));
      measured.addAll(probe);
      for (int i = 0; i <= rounds; i++) {
        long begin = System.nanoTime();
        Process process =
            bed.process(measured, "health").redirectOutput(ProcessBuilder.Redirect.PIPE).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
          throw new IOException("health: " + code + " " + said);
        }
        if (i > 0) {
          times.add((System.nanoTime() - begin) / 1_000_000);
          cpu.add(childrensMillis(said));
        }
      }
      return "health: %s ms, processor %s ms".formatted(spread(times), spread(cpu));
    }
  }

  // times(1p): the last line is of the children, 0m0.120000s 0m0.030000s
  private static long childrensMillis(String said) {
    String[] lines = said.strip().split("\n", -1);
    double sum = 0;
    for (String time : lines[lines.length - 1].split(" ", -1)) {
      String[] parts = time.replace("s", "").split("m", -1);
      sum += 60 * Double.parseDouble(parts[0]) + Double.parseDouble(parts[1]);
    }
    return Math.round(sum * 1000);
  }

  private static String idle(int seconds, List<String> java)
      throws IOException, GeneralSecurityException, InterruptedException {
    try (Bed bed = Bed.of(MANY_SERVICES);
        Running proxy = Running.start(bed, new Visitor(bed), java)) {
      // looks are frequent at first
      TimeUnit.SECONDS.sleep(15);
      StringBuilder line = new StringBuilder("idle:");
      line.append(" first answer ").append(proxy.firstAnswer().toMillis()).append(" ms;");
      for (int part = 0; part < 3; part++) {
        Duration before = proxy.proc().cpu();
        TimeUnit.MILLISECONDS.sleep(seconds * 1000L / 3);
        long used = proxy.proc().cpu().minus(before).toMillis();
        line.append(
            " %.2f %% of a core, %.1f MiB;"
                .formatted(used * 300.0 / (seconds * 1000), proxy.proc().pssKib() / 1024.0));
      }
      return line.toString();
    }
  }

  private static String connections(int count, List<String> java)
      throws IOException, GeneralSecurityException, InterruptedException {
    try (Bed bed = Bed.of(3);
        Running proxy = Running.start(bed, new Visitor(bed), java)) {
      Visitor visitor = new Visitor(bed);
      String host = dev.fairlead.training.Swarm.host(1);
      List<SSLSocket> open = new ArrayList<>();
      StringBuilder line = new StringBuilder("connections:");
      for (int half = 0; half < 2; half++) {
        long before = proxy.proc().pssKib();
        for (int i = 0; i < count / 2; i++) {
          SSLSocket socket = visitor.connect(host);
          open.add(socket);
          if (Visitor.get(socket, host, "GET", 0) != 200) {
            throw new IOException("no 200");
          }
        }
        TimeUnit.SECONDS.sleep(2);
        long after = proxy.proc().pssKib();
        line.append(
            " %d: %.1f MiB, %.1f KiB each;"
                .formatted(open.size(), after / 1024.0, (after - before) / (count / 2.0)));
      }
      for (SSLSocket socket : open) {
        socket.close();
      }
      return line.toString();
    }
  }

  private static String spread(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return "%d (%d–%d)"
        .formatted(sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
  }
}
