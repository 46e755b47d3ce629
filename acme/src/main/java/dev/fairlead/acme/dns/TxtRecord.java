package dev.fairlead.acme.dns;

import dev.fairlead.config.routing.HostPattern;

/**
 * What a CA looks for (RFC 8555 §8.4).
 *
 * @param name {@code _acme-challenge.example.com}, without a dot at its end
 * @param value 43 characters of base64url
 */
record TxtRecord(String name, String value) {

  /** The record for a host; that of {@code *.example.com} is where {@code example.com}'s is. */
  static TxtRecord of(HostPattern host, String value) {
    return new TxtRecord("_acme-challenge." + host.suffix(), value);
  }
}
