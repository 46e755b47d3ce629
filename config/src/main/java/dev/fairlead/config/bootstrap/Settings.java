package dev.fairlead.config.bootstrap;

import java.util.Optional;

/**
 * All settings of one Fairlead process.
 *
 * @param domain a service without a {@code host} of its own is served at {@code
 *     <service>.<domain>}; empty when every service must name its host
 */
public record Settings(
    Optional<String> domain,
    ListenerSettings listeners,
    TrustSettings trust,
    AcmeSettings acme,
    StorageSettings storage,
    DockerSettings docker,
    FileSettings file,
    TimeoutSettings timeouts,
    LimitSettings limits,
    LogSettings log,
    ForwardedSettings forwarded,
    StickySettings sticky,
    AlertSettings alerts,
    OnDemandSettings onDemand) {}
