package dev.fairlead.acme.store;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Apart from those who use it, as it takes long to load and a start with all that is stored needs
 * none.
 */
final class Json {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}
}
