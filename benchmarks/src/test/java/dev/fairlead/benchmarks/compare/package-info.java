@NullMarked
package dev.fairlead.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
