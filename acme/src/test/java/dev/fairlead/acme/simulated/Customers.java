package dev.fairlead.acme.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a CA is asked for by those who order, and finds at their addresses. */
public interface Customers {

  /** How long a certificate lives that is made now. */
  Duration life(String host, Instant now);

  /** After what time the CA wants to be asked about a renewal again. */
  Duration askAgain(String host);

  /** What is found at the address of a token of http-01. */
  Optional<String> answer(String token);
}
