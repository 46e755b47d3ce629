@NullMarked
package dev.fairlead.discovery;

import org.jspecify.annotations.NullMarked;
