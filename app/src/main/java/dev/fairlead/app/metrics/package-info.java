/** What Prometheus asks for: numbers of the data plane and of the certificates. */
@NullMarked
package dev.fairlead.app.metrics;

import org.jspecify.annotations.NullMarked;
