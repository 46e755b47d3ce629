/** What the build makes of what it ships. */
@NullMarked
package dev.fairlead.app.build;

import org.jspecify.annotations.NullMarked;
