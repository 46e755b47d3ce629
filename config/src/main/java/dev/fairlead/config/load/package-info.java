/**
 * From text to records: YAML, environment variables and flags to {@link
 * dev.fairlead.config.bootstrap.Settings}; labels and YAML services to {@link
 * dev.fairlead.config.load.ServiceDefinition}. Every reader reports all {@link
 * dev.fairlead.config.load.Problem}s at once and returns nothing half read.
 */
@NullMarked
package dev.fairlead.config.load;

import org.jspecify.annotations.NullMarked;
