@NullMarked
package dev.fairlead.discovery.swarm;

import org.jspecify.annotations.NullMarked;
