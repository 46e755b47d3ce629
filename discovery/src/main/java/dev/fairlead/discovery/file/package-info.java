/** Finds services with static endpoints in a YAML file. */
@NullMarked
package dev.fairlead.discovery.file;

import org.jspecify.annotations.NullMarked;
