package dev.fairlead.proxy.tls;

import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of session tickets (RFC 5077 §4; RFC 8446 §4.6.1), derived from secrets that all
 * instances have, so that a client resumes at whichever it comes to. Each host and certificate has
 * keys of its own, their names included (HKDF-Expand, RFC 5869 §2.3): to every other one its
 * tickets are noise. As long as there are no secrets BoringSSL makes keys for each context. The
 * JDK's TLS keeps its own. Thread-safe.
 */
final class TicketKeys {

  /** Of a secret, at least: as long as the hash of the derivation. */
  private static final int SECRET_BYTES = 32;

  /** Another text when what is derived changes its meaning. */
  private static final String LABEL = "fairlead session ticket 1";

  private static final int NAME_END = OpenSslSessionTicketKey.NAME_SIZE;
  private static final int HMAC_END = NAME_END + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
  private static final int END = OpenSslSessionTicketKey.TICKET_KEY_SIZE;

  /**
   * What keys are derived from; another object after each {@link #use}.
   *
   * <p>Not a record: it is compared by what it is, not by what is in it.
   */
  static final class Secrets {

    private final List<byte[]> firstEncrypts;

    private Secrets(List<byte[]> firstEncrypts) {
      this.firstEncrypts = firstEncrypts;
    }
  }

  private volatile Secrets secrets = new Secrets(List.of());

  Secrets secrets() {
    return secrets;
  }

  /**
   * Makes these the secrets of what is derived from now on.
   *
   * @param next the first encrypts new tickets, tickets of the others are accepted
   * @throws IllegalArgumentException when one is shorter than 32 bytes
   */
  void use(List<byte[]> next) {
    for (byte[] secret : next) {
      if (secret.length < SECRET_BYTES) {
        throw new IllegalArgumentException(
            "secret of tickets: %d bytes (expected: at least %d)"
                .formatted(secret.length, SECRET_BYTES));
      }
    }
    // No event loop shall be the first to load what derives.
    next.stream().findFirst().ifPresent(secret -> derive(secret, new byte[0]));
    secrets = new Secrets(next.stream().map(byte[]::clone).toList());
  }

  /**
   * Gives a context the keys of its host and certificate.
   *
   * @param host the pattern that the certificate answers for; empty for the fallback
   */
  static void apply(
      SslContext context, String host, ServerCertificate certificate, Secrets secrets) {
    if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
      byte[] scope = scope(host, certificate);
      // What BoringSSL compares when it has decrypted a ticket, or finds what it remembers.
      if (!sessions.setSessionIdContext(sha256(scope))) {
        throw new IllegalStateException("sessions of different hosts can't be told apart");
      }
      if (!secrets.firstEncrypts.isEmpty()) {
        sessions.setTicketKeys(
            secrets.firstEncrypts.stream()
                .map(secret -> derive(secret, scope))
                .toArray(OpenSslSessionTicketKey[]::new));
      }
    }
  }

  /** What keys are derived for; the same in every process. */
  static byte[] scope(String host, ServerCertificate certificate) {
    try {
      byte[] leaf = sha256(certificate.chain().getFirst().getEncoded());
      byte[] text = (LABEL + "\0" + host + "\0").getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(text.length + leaf.length).put(text).put(leaf).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("certificate can't be encoded: " + certificate, e);
    }
  }

  static OpenSslSessionTicketKey derive(byte[] secret, byte[] scope) {
    try {
      byte[] key =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(
                  HKDFParameterSpec.expandOnly(new SecretKeySpec(secret, "HKDF-PRK"), scope, END));
      return new OpenSslSessionTicketKey(
          Arrays.copyOfRange(key, 0, NAME_END),
          Arrays.copyOfRange(key, NAME_END, HMAC_END),
          Arrays.copyOfRange(key, HMAC_END, END));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
