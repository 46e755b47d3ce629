/**
 * The program's {@code main()}. What it starts is in the packages below; only they see all modules.
 */
@NullMarked
package dev.fairlead.app;

import org.jspecify.annotations.NullMarked;
