/**
 * Tells people when a certificate is not renewed in time: {@link dev.fairlead.app.alert.AlertWatch}
 * looks each minute, {@code AlertPlan} decides, {@code Channel}s send. Instances on one storage
 * speak with one voice.
 */
@NullMarked
package dev.fairlead.app.alert;

import org.jspecify.annotations.NullMarked;
