package dev.fairlead.config.bootstrap;

/**
 * Where the process listens.
 *
 * @param http for redirects, the ACME challenge and services with {@code redirect=off}
 * @param https for everything else
 * @param admin for {@code /healthz} and {@code /readyz}
 * @param publicHttpsPort the port that visitors reach {@code https} at, for redirects: 443 unless
 *     the process is published at another
 */
public record ListenerSettings(
    ListenAddress http, ListenAddress https, ListenAddress admin, int publicHttpsPort) {}
