package dev.fairlead.acme.transfer;

import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;

/**
 * The account that the other proxy has at a CA.
 *
 * @param place what it is called there
 * @param directory of the CA, as far as the source says
 * @param key empty when it cannot be read
 */
record FoundAccount(String place, Optional<URI> directory, Optional<KeyPair> key) {

  @Override
  public String toString() {
    return "FoundAccount[%s]".formatted(place);
  }
}
