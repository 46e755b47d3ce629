package dev.fairlead.config.routing;

import java.util.Optional;

/**
 * How the certificate of a task is judged.
 *
 * @param name that the task is asked for (RFC 6066 §3) and that its certificate must carry
 * @param verify whether the certificate matters at all
 * @param authorities PEM certificates, one of which must vouch for it; empty for the well-known
 *     ones
 */
public record UpstreamTls(String name, boolean verify, Optional<String> authorities) {}
