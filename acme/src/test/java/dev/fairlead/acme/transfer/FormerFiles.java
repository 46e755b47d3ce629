package dev.fairlead.acme.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.pem.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;

/** Files in exactly the form that other proxies give them. */
public final class FormerFiles {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private FormerFiles() {}

  /**
   * Traefik's {@code acme.json} with one resolver (traefik/traefik: pkg/provider/acme/store.go,
   * account.go, provider.go, and local_store.go, which writes it).
   *
   * @param account an RSA key, as all of its accounts have
   * @param accountUrl at the CA
   */
  public static Path traefik(
      Path file, PrivateKey account, URI accountUrl, List<KeyAndChain> certificates)
      throws IOException {
    ObjectNode all = MAPPER.createObjectNode();
    ObjectNode resolver = all.putObject("le");
    ObjectNode owner = resolver.putObject("Account");
    owner.put("Email", "me@example.com");
    ObjectNode registration = owner.putObject("Registration");
    registration
        .putObject("body")
        .put("status", "valid")
        .putArray("contact")
        .add("mailto:me@example.com");
    registration.put("uri", accountUrl.toString());
    owner.put("PrivateKey", Base64.getEncoder().encodeToString(inner(account)));
    owner.put("KeyType", "4096");
    ArrayNode list = resolver.putArray("Certificates");
    for (KeyAndChain pair : certificates) {
      List<String> names = Names.dns(pair.leaf());
      ObjectNode one = list.addObject();
      ObjectNode domain = one.putObject("domain").put("main", names.getFirst());
      if (names.size() > 1) {
        ArrayNode sans = domain.putArray("sans");
        names.stream().skip(1).forEach(sans::add);
      }
      one.put("certificate", base64(Pem.of(pair.chain())));
      one.put("key", base64(goPem(pair.privateKey())));
      one.put("Store", "default");
    }
    all.putObject("other").putNull("Account").putNull("Certificates");
    return Files.writeString(file, all.toPrettyString());
  }

  /**
   * A certificate in Caddy's data directory (caddyserver/certmagic: crypto.go saveCertResource,
   * storage.go KeyBuilder; mholt/acmez: acme/certificate.go).
   *
   * @param issuer as Caddy calls it
   * @param directory the CA's; what older versions did not write is left out when empty
   */
  public static Path caddy(Path folder, String issuer, String directory, KeyAndChain pair)
      throws IOException {
    String name = Names.dns(pair.leaf()).getFirst().replace("*", "wildcard_");
    Path place = folder.resolve("certificates").resolve(issuer).resolve(name);
    Files.createDirectories(place);
    Files.writeString(place.resolve(name + ".crt"), Pem.of(pair.chain()));
    Files.writeString(place.resolve(name + ".key"), goPem(pair.privateKey()));
    ObjectNode note = MAPPER.createObjectNode();
    Names.dns(pair.leaf()).forEach(note.putArray("sans")::add);
    ObjectNode data = note.putObject("issuer_data").put("url", "https://ca.example.org/cert/1");
    if (!directory.isEmpty()) {
      data.put("ca", directory);
    }
    Files.writeString(place.resolve(name + ".json"), note.toPrettyString());
    return place;
  }

  /** An account in Caddy's data directory (certmagic: account.go saveAccount). */
  public static void caddyAccount(Path folder, String issuer, PrivateKey key) throws IOException {
    Path place = folder.resolve("acme/%s/users/me@example.com".formatted(issuer));
    Files.createDirectories(place);
    Files.writeString(place.resolve("me.json"), "{\"status\": \"valid\"}");
    Files.writeString(place.resolve("me.key"), goPem(key));
  }

  /**
   * A lineage of certbot with its links (certbot/certbot: _internal/storage.py; the file's form is
   * that of configobj).
   */
  public static Path certbot(Path folder, String account, URI server, KeyAndChain pair)
      throws IOException {
    String name = Names.dns(pair.leaf()).getFirst().replace("*.", "");
    Path archive = Files.createDirectories(folder.resolve("archive").resolve(name));
    Path live = Files.createDirectories(folder.resolve("live").resolve(name));
    Files.writeString(folder.resolve("live/README"), "This directory contains your keys\n");
    Files.writeString(archive.resolve("fullchain1.pem"), Pem.of(pair.chain()));
    Files.writeString(archive.resolve("privkey1.pem"), Pem.of(pair.privateKey()));
    for (String each : List.of("fullchain", "privkey")) {
      Files.createSymbolicLink(
          live.resolve(each + ".pem"), Path.of("../../archive", name, each + "1.pem"));
    }
    Files.createDirectories(folder.resolve("renewal"));
    Files.writeString(
        folder.resolve("renewal").resolve(name + ".conf"),
        """
        # renew_before_expiry = 30 days
        version = 2.1.0
        archive_dir = /etc/letsencrypt/archive/%1$s
        cert = /etc/letsencrypt/live/%1$s/cert.pem

        # Options used in the renewal process
        [renewalparams]
        account = %2$s
        authenticator = webroot
        server = %3$s
        key_type = ecdsa
        """
            .formatted(name, account, server));
    return live;
  }

  /** An account of certbot (_internal/account.py; josepy's JWKRSA). */
  public static void certbotAccount(Path folder, String id, URI server, RSAPrivateCrtKey key)
      throws IOException {
    Path place =
        folder.resolve("accounts" + "/" + server.getAuthority() + server.getPath() + "/" + id);
    Files.createDirectories(place);
    ObjectNode jwk = MAPPER.createObjectNode();
    jwk.put("n", number(key.getModulus())).put("e", number(key.getPublicExponent()));
    jwk.put("d", number(key.getPrivateExponent()));
    jwk.put("p", number(key.getPrimeP())).put("q", number(key.getPrimeQ()));
    jwk.put("dp", number(key.getPrimeExponentP())).put("dq", number(key.getPrimeExponentQ()));
    jwk.put("qi", number(key.getCrtCoefficient())).put("kty", "RSA");
    Files.writeString(place.resolve("private_key.json"), jwk.toString());
    Files.writeString(place.resolve("regr.json"), "{\"body\": {}, \"uri\": \"https://x/1\"}");
  }

  /** A pair of RSA keys, which all sources may have at a CA. */
  public static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** As certmagic's encodePrivateKey and lego's PEMEncode: PKCS#1, or RFC 5915 with the curve. */
  static String goPem(PrivateKey key) throws IOException {
    if (key instanceof RSAPrivateCrtKey) {
      return block("RSA PRIVATE KEY", inner(key));
    }
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    ECPrivateKey ours = ECPrivateKey.getInstance(info.parsePrivateKey());
    ECPrivateKey withCurve =
        new ECPrivateKey(
            256, ours.getKey(), ours.getPublicKey(), info.getPrivateKeyAlgorithm().getParameters());
    return block("EC PRIVATE KEY", withCurve.getEncoded());
  }

  private static byte[] inner(PrivateKey key) throws IOException {
    return PrivateKeyInfo.getInstance(key.getEncoded())
        .parsePrivateKey()
        .toASN1Primitive()
        .getEncoded();
  }

  private static String block(String type, byte[] bytes) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }
}
