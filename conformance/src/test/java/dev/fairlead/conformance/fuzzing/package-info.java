/**
 * Coverage-guided fuzzing of everything that reads what others send. The targets lie in the
 * packages of what they feed, since that is the data plane's own business; here is what runs them.
 */
@NullMarked
package dev.fairlead.conformance.fuzzing;

import org.jspecify.annotations.NullMarked;
