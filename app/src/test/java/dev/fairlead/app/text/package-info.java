@NullMarked
package dev.fairlead.app.text;

import org.jspecify.annotations.NullMarked;
