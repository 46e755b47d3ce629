/** The system's sockets: how they are driven, and what they are read into. */
@NullMarked
package dev.fairlead.proxy.transport;

import org.jspecify.annotations.NullMarked;
