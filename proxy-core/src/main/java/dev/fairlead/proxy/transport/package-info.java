/** The system's sockets and event loops: how they are driven, and what is read into. */
@NullMarked
package dev.fairlead.proxy.transport;

import org.jspecify.annotations.NullMarked;
