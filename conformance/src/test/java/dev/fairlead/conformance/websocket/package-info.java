/** Autobahn's fuzzing client through the proxy. */
@NullMarked
package dev.fairlead.conformance.websocket;

import org.jspecify.annotations.NullMarked;
