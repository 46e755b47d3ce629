package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.EndpointSpec;
import java.net.InetSocketAddress;

/**
 * The address of one task, with the state that is kept for it. Two endpoints are equal when they
 * are the same one: they are keys on the way of every request.
 */
public final class Endpoint {

  private final EndpointSpec spec;
  private final InetSocketAddress address;
  private final EndpointState state;
  private final String text;

  /**
   * @param address resolved: made of digits, so nothing is looked up
   */
  Endpoint(EndpointSpec spec, InetSocketAddress address, EndpointState state) {
    this.spec = spec;
    this.address = address;
    this.state = state;
    this.text = spec.toString();
  }

  public EndpointSpec spec() {
    return spec;
  }

  public InetSocketAddress address() {
    return address;
  }

  public EndpointState state() {
    return state;
  }

  @Override
  public String toString() {
    return text;
  }
}
