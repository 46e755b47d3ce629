package dev.fairlead.proxy.tls;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Certificates that answer tls-alpn-01 challenges (RFC 8737). */
@FunctionalInterface
public interface TlsChallenges {

  /**
   * The certificate for the challenge of a host. Called on event loops: must not wait, but the
   * answer may come later, on any thread, and must come within a few seconds.
   *
   * @param host as the client sent it, in lower case: anything
   * @return empty when no such challenge is pending, or none could be looked up: the handshake
   *     fails, and no other certificate is shown
   */
  CompletionStage<Optional<ServerCertificate>> certificate(String host);
}
