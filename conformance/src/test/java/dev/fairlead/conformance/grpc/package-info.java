/** gRPC's own interoperability tests. */
@NullMarked
package dev.fairlead.conformance.grpc;

import org.jspecify.annotations.NullMarked;
