/**
 * The order dance with a CA (RFC 8555) on acme4j: account, order, challenge, certificate. Every
 * wait has an end, and every failure is one sentence.
 */
@NullMarked
package dev.fairlead.acme.issue;

import org.jspecify.annotations.NullMarked;
