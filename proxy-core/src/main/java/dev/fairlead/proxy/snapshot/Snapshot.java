package dev.fairlead.proxy.snapshot;

import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.proxy.route.RouteTable;

/** All that a request decides with. Immutable; read once per request. */
public record Snapshot(RoutingSpec spec, RouteTable routes) {}
