/**
 * A mirror of what a CA counts, so that nothing is asked of it that it would refuse: token buckets
 * on the share, for all instances together.
 */
@NullMarked
package dev.fairlead.acme.budget;

import org.jspecify.annotations.NullMarked;
