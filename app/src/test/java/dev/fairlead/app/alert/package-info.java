@NullMarked
package dev.fairlead.app.alert;

import org.jspecify.annotations.NullMarked;
