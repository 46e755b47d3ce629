package dev.fairlead.acme.issue;

import dev.fairlead.acme.store.RenewalAdvice.Window;
import java.time.Instant;
import java.util.Optional;

/**
 * What a CA answered about when to replace a certificate (RFC 9773 §4.2), as it said it: whether it
 * is believed is for others to decide.
 *
 * @param explanation the address of a page for people
 * @param retryAfter when it wants to be asked again
 */
public record RenewalInfo(
    Window window, Optional<String> explanation, Optional<Instant> retryAfter) {}
