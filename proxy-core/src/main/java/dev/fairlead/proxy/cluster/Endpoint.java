package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.UpstreamSpec;
import java.net.InetSocketAddress;

/**
 * The address of one task, with the state that is kept for it. Two endpoints are equal when they
 * are the same one: they are keys on the way of every request.
 */
public final class Endpoint {

  private final EndpointSpec spec;
  private final UpstreamSpec upstream;
  private final InetSocketAddress address;
  private final EndpointState state;
  private final String text;
  private final long hash;

  /**
   * @param address resolved: made of digits, so nothing is looked up
   */
  Endpoint(
      EndpointSpec spec, UpstreamSpec upstream, InetSocketAddress address, EndpointState state) {
    this.spec = spec;
    this.upstream = upstream;
    this.address = address;
    this.state = state;
    this.text = spec.toString();
    this.hash = hash(text);
  }

  public EndpointSpec spec() {
    return spec;
  }

  /** How it is spoken to. */
  public UpstreamSpec upstream() {
    return upstream;
  }

  public InetSocketAddress address() {
    return address;
  }

  public EndpointState state() {
    return state;
  }

  /** Of its address, the same in every process. */
  long hash() {
    return hash;
  }

  // FNV-1a.
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  @Override
  public String toString() {
    return text;
  }
}
