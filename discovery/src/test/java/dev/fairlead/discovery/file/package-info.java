@NullMarked
package dev.fairlead.discovery.file;

import org.jspecify.annotations.NullMarked;
