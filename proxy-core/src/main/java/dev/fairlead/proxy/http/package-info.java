/**
 * The protocol hygiene that every request passes, and the one place that turns a failure into a
 * status.
 */
@NullMarked
package dev.fairlead.proxy.http;

import org.jspecify.annotations.NullMarked;
