/** The Java tools of the comparison with other proxies, which {@code benchmarks/compare} runs. */
@NullMarked
package dev.fairlead.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
