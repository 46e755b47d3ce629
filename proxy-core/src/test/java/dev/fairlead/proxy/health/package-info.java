@NullMarked
package dev.fairlead.proxy.health;

import org.jspecify.annotations.NullMarked;
