package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.EndpointSpec;
import java.net.InetSocketAddress;

/**
 * The address of one task, with the state that is kept for it. Two endpoints are equal when they
 * are the same one.
 *
 * @param address resolved: made of digits, so nothing is looked up
 */
public record Endpoint(EndpointSpec spec, InetSocketAddress address, EndpointState state) {

  @Override
  public String toString() {
    return spec.toString();
  }
}
