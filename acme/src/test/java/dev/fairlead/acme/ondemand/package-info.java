@NullMarked
package dev.fairlead.acme.ondemand;

import org.jspecify.annotations.NullMarked;
