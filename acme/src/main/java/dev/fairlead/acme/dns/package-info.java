/**
 * Answers dns-01 (RFC 8555 §8.4): puts a TXT record into DNS by one of several providers, waits
 * until all servers of its zone have it, and takes it away again. Blocking code for virtual
 * threads; every wait has an end, and every failure is one sentence.
 */
@NullMarked
package dev.fairlead.acme.dns;

import org.jspecify.annotations.NullMarked;
