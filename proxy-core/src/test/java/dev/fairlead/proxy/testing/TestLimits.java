package dev.fairlead.proxy.testing;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.routing.MinimumRate;
import dev.fairlead.proxy.codec.HeadBudget;

/** The limits of the product's defaults, without any to connections, but for what a test says. */
public final class TestLimits {

  private int connections = 100_000;
  private int connectionsPerClient = 100_000;
  private int headerBytes = 32 * 1024;
  private int headerCount = 100;
  private int uriLength = 8192;
  private int streams = 128;
  private int requestsPerConnection = 10_000;
  private int minRate = 240;
  private int newConnections = 100_000;

  public TestLimits connections(int count) {
    connections = count;
    return this;
  }

  public TestLimits connectionsPerClient(int count) {
    connectionsPerClient = count;
    return this;
  }

  public TestLimits headerBytes(int bytes) {
    headerBytes = bytes;
    return this;
  }

  public TestLimits headerCount(int count) {
    headerCount = count;
    return this;
  }

  public TestLimits uriLength(int bytes) {
    uriLength = bytes;
    return this;
  }

  public TestLimits streams(int count) {
    streams = count;
    return this;
  }

  public TestLimits requestsPerConnection(int count) {
    requestsPerConnection = count;
    return this;
  }

  public TestLimits minRate(int bytesPerSecond) {
    minRate = bytesPerSecond;
    return this;
  }

  public TestLimits newConnections(int count) {
    newConnections = count;
    return this;
  }

  /** Room for any number of unfinished heads. */
  public static HeadBudget anyHeads() {
    return new HeadBudget(Long.MAX_VALUE, Long.MAX_VALUE, () -> {});
  }

  public LimitSettings settings() {
    return new LimitSettings(
        connections,
        connectionsPerClient,
        headerBytes,
        headerCount,
        uriLength,
        streams,
        requestsPerConnection,
        new MinimumRate(minRate),
        newConnections);
  }
}
