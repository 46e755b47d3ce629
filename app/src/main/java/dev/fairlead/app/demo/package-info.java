/** {@code fairlead demo}: the main job on one machine, without Docker and without a network. */
@NullMarked
package dev.fairlead.app.demo;

import org.jspecify.annotations.NullMarked;
