/** What is written to the standard output: for people on a terminal, JSON otherwise. */
@NullMarked
package dev.fairlead.app.log;

import org.jspecify.annotations.NullMarked;
