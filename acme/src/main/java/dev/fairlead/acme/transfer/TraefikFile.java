package dev.fairlead.acme.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.acme.pem.KeyForms;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Map;
import java.util.Optional;

/**
 * Traefik's {@code acme.json}, of its versions 2 and 3 (pkg/provider/acme: StoredData, Account,
 * CertAndStore):
 *
 * <pre>
 * {"&lt;resolver&gt;": {
 *    "Account": {"Email", "Registration": {"body", "uri"}, "PrivateKey": PKCS#1, "KeyType"},
 *    "Certificates": [{"domain": {"main", "sans"}, "certificate": PEM, "key": PEM, "Store"}]}}
 * </pre>
 *
 * <p>PKCS#1 and PEM are in base64. Which CA a resolver uses stands in Traefik's settings; here only
 * the address of its account says it.
 */
final class TraefikFile {

  private static final int LIMIT_BYTES = 32 * 1024 * 1024;

  private TraefikFile() {}

  static void read(SourceTree tree, Directories directories, Findings findings)
      throws SourceException {
    if (tree.isDirectory("")) {
      throw new SourceException(tree.name() + ": a directory (expected: the file acme.json)");
    }
    JsonNode all =
        tree.text("", LIMIT_BYTES)
            .flatMap(SourceJson::object)
            .orElseThrow(
                () -> new SourceException(tree.name() + ": is not JSON (expected: acme.json)"));
    if (all.path("Certificates").isArray()) {
      throw new SourceException(tree.name() + ": of Traefik 1 (expected: of Traefik 2 or 3)");
    }
    for (Map.Entry<String, JsonNode> resolver : all.properties()) {
      String name = "resolver " + SourceTree.shown(resolver.getKey());
      JsonNode account = resolver.getValue().path("Account");
      Optional<URI> directory =
          Directories.parse(account.path("Registration").path("uri").asText())
              .flatMap(directories::ofServer);
      if (account.path("PrivateKey").isTextual()) {
        findings.add(new FoundAccount(name, directory, key(account.path("PrivateKey"))));
      }
      for (JsonNode certificate : resolver.getValue().path("Certificates")) {
        findings.add(certificate(name, directory, certificate));
      }
    }
  }

  private static Finding certificate(String resolver, Optional<URI> directory, JsonNode node) {
    String place =
        resolver + ", " + SourceTree.shown(node.path("domain").path("main").asText("no name"));
    Optional<byte[]> chain = SourceJson.bytes(node.path("certificate"));
    Optional<byte[]> key = SourceJson.bytes(node.path("key"));
    if (chain.isEmpty() || key.isEmpty()) {
      return Finding.loss(place, "it lacks its certificate or its key");
    }
    return Finding.of(
        place, directory, new String(chain.get(), UTF_8), new String(key.get(), UTF_8));
  }

  private static Optional<KeyPair> key(JsonNode node) {
    try {
      Optional<byte[]> key = SourceJson.bytes(node);
      return key.isPresent()
          ? Optional.of(KeyForms.pair(KeyForms.rsa(key.get())))
          : Optional.empty();
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
