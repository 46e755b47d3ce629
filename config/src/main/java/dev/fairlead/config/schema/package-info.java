/**
 * The catalogue of options: key, type, default, meaning, example. Labels, YAML, environment
 * variables, flags, {@code check}, "did you mean" and {@code docs/reference.md} all come from these
 * tables. Values only: nothing is read from outside here.
 */
@NullMarked
package dev.fairlead.config.schema;

import org.jspecify.annotations.NullMarked;
