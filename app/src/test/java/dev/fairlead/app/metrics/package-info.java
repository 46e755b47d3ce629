@NullMarked
package dev.fairlead.app.metrics;

import org.jspecify.annotations.NullMarked;
