package dev.fairlead.acme.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Optional;

/** A private key as a JSON Web Key (RFC 7518 §6.2, §6.3). */
final class JsonWebKey {

  private JsonWebKey() {}

  /** Both halves; empty when they cannot be read. */
  static Optional<KeyPair> pair(JsonNode key) {
    try {
      return Optional.of(
          switch (key.path("kty").asText()) {
            case "RSA" -> rsa(key);
            case "EC" -> ec(key);
            default -> throw new InvalidKeySpecException("neither EC nor RSA");
          });
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static KeyPair rsa(JsonNode key) throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("RSA");
    BigInteger modulus = number(key, "n");
    BigInteger exponent = number(key, "e");
    return new KeyPair(
        factory.generatePublic(new RSAPublicKeySpec(modulus, exponent)),
        factory.generatePrivate(
            new RSAPrivateCrtKeySpec(
                modulus,
                exponent,
                number(key, "d"),
                number(key, "p"),
                number(key, "q"),
                number(key, "dp"),
                number(key, "dq"),
                number(key, "qi"))));
  }

  private static KeyPair ec(JsonNode key) throws GeneralSecurityException {
    String curve =
        switch (key.path("crv").asText()) {
          case "P-256" -> "secp256r1";
          case "P-384" -> "secp384r1";
          default -> throw new InvalidKeySpecException("another curve");
        };
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
    KeyFactory factory = KeyFactory.getInstance("EC");
    ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
    return new KeyPair(
        factory.generatePublic(new ECPublicKeySpec(point, spec)),
        factory.generatePrivate(new ECPrivateKeySpec(number(key, "d"), spec)));
  }

  private static BigInteger number(JsonNode key, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asText()));
  }
}
