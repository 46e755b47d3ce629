package dev.fairlead.conformance.growth;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the clients of one proxy share: where it is, and what its access log must say in the end.
 * Thread-safe.
 */
final class Run {

  private final Target proxy;
  private final Signals signals;
  private final AtomicInteger id;

  /** How often what must be logged: the first segment of a path, and the status. */
  private final ConcurrentHashMap<String, LongAdder> expected = new ConcurrentHashMap<>();

  /** Segments whose requests may not have been read, as they were broken off at once. */
  private final Set<String> uncertain = ConcurrentHashMap.newKeySet();

  /**
   * @param firstId of its requests; no other request may have it
   */
  Run(Target proxy, Signals signals, int firstId) {
    this.proxy = proxy;
    this.signals = signals;
    this.id = new AtomicInteger(firstId);
  }

  Target proxy() {
    return proxy;
  }

  Signals signals() {
    return signals;
  }

  /** The path of one request, which the log must name once, with this status. */
  String path(String behaviour, int status) {
    int slash = behaviour.indexOf('/');
    count((slash < 0 ? behaviour : behaviour.substring(0, slash)) + " " + status);
    return "/" + behaviour + "/" + id.getAndIncrement();
  }

  /** The path of a request that the proxy may not come to read. */
  String uncertainPath(String behaviour) {
    uncertain.add(behaviour);
    return "/" + behaviour + "/" + id.getAndIncrement();
  }

  /** A request that has no path for the log, as it can't be read, will be sent. */
  void unreadable(int status) {
    count("- " + status);
  }

  private void count(String what) {
    expected.computeIfAbsent(what, _ -> new LongAdder()).increment();
  }

  /** The id of the next request. */
  int nextId() {
    return id.get();
  }

  Map<String, Long> expected() {
    Map<String, Long> sums = new TreeMap<>();
    expected.forEach((what, count) -> sums.put(what, count.sum()));
    return sums;
  }

  Set<String> uncertain() {
    return uncertain;
  }
}
