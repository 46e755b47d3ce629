package dev.fairlead.proxy.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What clients are given to stay with an endpoint: signatures of its address, which tell nobody
 * what that is, and which nobody can make without the key. Thread-safe.
 */
public final class StickyTokens {

  private static final String ALGORITHM = "HmacSHA256";

  /** Of its 32 bytes so many are enough, as each guess costs a request. */
  private static final int BYTES = 16;

  private final SecretKeySpec key;

  /**
   * @param key that all instances share, or their tokens are not known to each other; not empty
   */
  public StickyTokens(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** The one of an endpoint, the same in every process with the same key. */
  String of(String cluster, String endpoint) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] signature = mac.doFinal((cluster + " " + endpoint).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(signature, BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }
}
