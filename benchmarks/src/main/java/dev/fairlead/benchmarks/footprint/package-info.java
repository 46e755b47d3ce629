/** What a whole process costs: its start, its memory, and what it does while nobody asks. */
@NullMarked
package dev.fairlead.benchmarks.footprint;

import org.jspecify.annotations.NullMarked;
