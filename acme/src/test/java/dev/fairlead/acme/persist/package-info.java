@NullMarked
package dev.fairlead.acme.persist;

import org.jspecify.annotations.NullMarked;
