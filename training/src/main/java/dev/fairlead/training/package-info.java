/**
 * A proxy at work on one machine: stored certificates, a Docker engine that answers as a real one
 * does, an app, visitors. The image's JVM learns from it what to load and to compile ({@link
 * dev.fairlead.training.Training}), and what a proxy costs is measured on it. Not shipped.
 */
@NullMarked
package dev.fairlead.training;

import org.jspecify.annotations.NullMarked;
