package dev.fairlead.discovery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A source that says what a test tells it to. */
final class FakeProvider implements Provider {

  private final String name;
  private final Duration pause;
  private final AtomicInteger looks = new AtomicInteger();
  private volatile Discovery next;
  private volatile Runnable wake = () -> {};

  FakeProvider(String name, Discovery first) {
    this(name, first, Duration.ofMillis(5));
  }

  FakeProvider(String name, Discovery first, Duration pause) {
    this.name = name;
    this.next = first;
    this.pause = pause;
  }

  /** Says this from now on. */
  void say(Discovery discovery) {
    next = discovery;
  }

  void wake() {
    wake.run();
  }

  int looks() {
    return looks.get();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start(Runnable wake) {
    this.wake = wake;
  }

  @Override
  public Discovery look() {
    Discovery answer = next;
    looks.incrementAndGet();
    return answer;
  }

  @Override
  public Duration pause() {
    return pause;
  }

  @Override
  public void close() {}
}
