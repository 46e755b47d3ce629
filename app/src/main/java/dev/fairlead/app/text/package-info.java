/** Words of others, made fit to be shown. */
@NullMarked
package dev.fairlead.app.text;

import org.jspecify.annotations.NullMarked;
