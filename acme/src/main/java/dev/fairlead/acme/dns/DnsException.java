package dev.fairlead.acme.dns;

/**
 * A TXT record could not be set, seen or taken away; the message is one sentence with the fix, and
 * has no secret in it.
 */
public final class DnsException extends Exception {

  DnsException(String message) {
    super(message);
  }

  DnsException(String message, Throwable cause) {
    super(message, cause);
  }
}
