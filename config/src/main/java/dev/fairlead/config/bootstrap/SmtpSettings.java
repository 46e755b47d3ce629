package dev.fairlead.config.bootstrap;

import java.util.List;
import java.util.Optional;

/**
 * A server that takes mails.
 *
 * @param host its name, which its certificate has to be for
 * @param login empty where none is needed
 */
public record SmtpSettings(
    String host, int port, Tls tls, String from, List<String> to, Optional<Login> login) {

  /** How the connection is protected. */
  public enum Tls {
    /** By {@code STARTTLS} (RFC 3207); without it nothing is sent. */
    STARTTLS(587),
    /** From the first byte on (RFC 8314). */
    TLS(465),
    /** Not at all. */
    NONE(25);

    private final int port;

    Tls(int port) {
      this.port = port;
    }

    /** The usual one. */
    public int port() {
      return port;
    }
  }

  /**
   * Who sends.
   *
   * @param password never shown
   */
  public record Login(String user, String password) {

    /** Without the password. */
    @Override
    public String toString() {
      return "Login[user=%s]".formatted(user);
    }
  }

  public SmtpSettings {
    to = List.copyOf(to);
  }
}
