/**
 * {@code main()} and the wiring: the only place that sees all modules. {@link
 * dev.fairlead.app.Instance} is one running proxy.
 */
@NullMarked
package dev.fairlead.app;

import org.jspecify.annotations.NullMarked;
