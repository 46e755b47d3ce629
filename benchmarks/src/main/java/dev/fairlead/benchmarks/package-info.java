/**
 * What the data plane does for every request, measured with JMH. Every benchmark looks at its own
 * result and throws when it is wrong, so that nothing fast and false is measured. {@code
 * benchmarks/run} starts them.
 *
 * <p>Benchmarks and states are public and not final because JMH's generated code extends them.
 */
@NullMarked
package dev.fairlead.benchmarks;

import org.jspecify.annotations.NullMarked;
