/** The command line: one class for each command, and the exit codes. */
@NullMarked
package dev.fairlead.app.cli;

import org.jspecify.annotations.NullMarked;
