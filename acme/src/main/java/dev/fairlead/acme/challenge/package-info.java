/**
 * Answers to the CA's questions whether a name is ours: http-01 (RFC 8555 §8.3) and tls-alpn-01
 * (RFC 8737). What is pending is on the {@link dev.fairlead.acme.challenge.ChallengeBoard}.
 */
@NullMarked
package dev.fairlead.acme.challenge;

import org.jspecify.annotations.NullMarked;
