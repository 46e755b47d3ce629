/** Listeners and connections: bind, accept, drain. */
@NullMarked
package dev.fairlead.proxy.server;

import org.jspecify.annotations.NullMarked;
