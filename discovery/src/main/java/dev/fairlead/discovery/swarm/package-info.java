/**
 * Finds the services of a Docker Swarm that opted in by labels, and the addresses of their tasks.
 *
 * <p>{@link dev.fairlead.discovery.swarm.SwarmProvider} looks; {@code EngineClient} and {@code
 * EngineEvents} speak with the engine, by GET only; {@code EngineJson} reads its answers; {@code
 * SwarmTranslator} is the pure function from them to services.
 */
@NullMarked
package dev.fairlead.discovery.swarm;

import org.jspecify.annotations.NullMarked;
