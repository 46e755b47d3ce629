/** The admin endpoint: health and readiness, on a port of its own. */
@NullMarked
package dev.fairlead.app.admin;

import org.jspecify.annotations.NullMarked;
