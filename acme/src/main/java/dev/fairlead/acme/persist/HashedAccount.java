package dev.fairlead.acme.persist;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What an account is called in records since version 02 of the draft (§4.1): whoever reads DNS does
 * not learn from it which names have the same account.
 */
public final class HashedAccount {

  /** In the place of a host: for all of them. */
  public static final String ANY_HOST = "*";

  private HashedAccount() {}

  /**
   * The value of {@code accounturi}.
   *
   * @param prefix as the CA's directory has it ({@code accountHashPrefix})
   * @param host without {@code *.}, or {@link #ANY_HOST}
   * @param thumbprint of the account's key (RFC 7638), in base64url
   * @param account its URL
   */
  public static String of(String prefix, String host, String thumbprint, String account) {
    byte[] name = host.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.write(name.length);
    input.writeBytes(name);
    input.writeBytes(thumbprint.getBytes(StandardCharsets.US_ASCII));
    input.writeBytes(account.getBytes(StandardCharsets.US_ASCII));
    return prefix
        + "sha-256/"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(input.toByteArray()));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
