package dev.fairlead.acme.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.acme.pem.KeyForms;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data directory of Caddy 2 (certmagic: KeyBuilder, Config.saveCertResource, saveAccount):
 *
 * <pre>
 * certificates/&lt;issuer&gt;/&lt;name&gt;/&lt;name&gt;.crt, .key, .json   {"issuer_data": {"ca"}}
 * acme/&lt;issuer&gt;/users/&lt;email&gt;/&lt;user&gt;.key, .json
 * </pre>
 *
 * <p>The issuer is server and path of the CA's directory, with hyphens; {@code local} is Caddy's
 * own CA. A name begins with {@code wildcard_} for {@code *}. In a container the directory is
 * {@code caddy} on the volume {@code /data}: that is taken for its parent.
 */
final class CaddyFolder {

  private static final String OWN_CA = "local";

  private final SourceTree tree;
  private final Directories directories;
  private final Findings findings;
  private final String base;

  private CaddyFolder(SourceTree tree, Directories directories, Findings findings, String base) {
    this.tree = tree;
    this.directories = directories;
    this.findings = findings;
    this.base = base;
  }

  static void read(SourceTree tree, Directories directories, Findings findings)
      throws SourceException {
    for (String base : List.of("", "caddy/")) {
      if (tree.isDirectory(base + "certificates")) {
        new CaddyFolder(tree, directories, findings, base).read();
        return;
      }
    }
    throw new SourceException(
        tree.name() + ": no directory certificates in it (expected: Caddy's data directory)");
  }

  private void read() throws SourceException {
    for (String issuer : tree.names(base + "certificates")) {
      readCertificates(issuer);
    }
    for (String issuer : tree.names(base + "acme")) {
      readAccounts(issuer);
    }
  }

  private void readCertificates(String issuer) throws SourceException {
    List<String> names;
    try {
      names = tree.names(base + "certificates/" + issuer);
    } catch (SourceException e) {
      findings.add(Finding.loss(SourceTree.shown(issuer), String.valueOf(e.getMessage())));
      return;
    }
    for (String name : names) {
      if (isFolder(issuer, name)) {
        findings.add(certificate(issuer, name));
      }
    }
  }

  /** Whether a certificate may be in it; what cannot be looked at says so when it is read. */
  private boolean isFolder(String issuer, String name) {
    try {
      return tree.isDirectory(folder(issuer, name));
    } catch (SourceException e) {
      return true;
    }
  }

  private String folder(String issuer, String name) {
    return base + "certificates/" + issuer + "/" + name;
  }

  private Finding certificate(String issuer, String name) {
    String place = SourceTree.shown(issuer + "/" + name);
    if (issuer.equals(OWN_CA)) {
      return new Finding.Left(place, "it is of Caddy's own CA", false);
    }
    try {
      String file = folder(issuer, name) + "/" + name;
      Optional<String> chain = tree.text(file + ".crt", SourceTree.PEM_LIMIT_BYTES);
      Optional<String> key = tree.text(file + ".key", SourceTree.PEM_LIMIT_BYTES);
      if (chain.isEmpty() || key.isEmpty()) {
        return Finding.loss(place, "it lacks its .crt or its .key");
      }
      Optional<URI> said =
          tree.text(file + ".json", SourceTree.NOTE_LIMIT_BYTES)
              .flatMap(SourceJson::object)
              .map(json -> json.path("issuer_data").path("ca"))
              .map(JsonNode::asText)
              .flatMap(Directories::parse);
      return Finding.of(
          place, said.or(() -> directories.ofCaddyName(issuer)), chain.get(), key.get());
    } catch (SourceException e) {
      return Finding.loss(place, String.valueOf(e.getMessage()));
    }
  }

  private void readAccounts(String issuer) throws SourceException {
    Optional<URI> directory = directories.ofCaddyName(issuer).or(() -> ofCertificates(issuer));
    List<String> keys;
    try {
      keys = keys(issuer);
    } catch (SourceException e) {
      findings.add(new FoundAccount(SourceTree.shown(issuer), directory, Optional.empty()));
      return;
    }
    for (String file : keys) {
      findings.add(new FoundAccount(SourceTree.shown(issuer), directory, key(file)));
    }
  }

  private List<String> keys(String issuer) throws SourceException {
    if (!tree.isDirectory(base + "acme/" + issuer)) {
      return List.of(); // a file beside the folders
    }
    String users = base + "acme/" + issuer + "/users";
    List<String> keys = new ArrayList<>();
    for (String user : tree.names(users)) {
      for (String file : tree.names(users + "/" + user)) {
        if (file.endsWith(".key")) {
          keys.add(users + "/" + user + "/" + file);
        }
      }
    }
    return keys;
  }

  /** The CA as the certificates of the same issuer say it. */
  private Optional<URI> ofCertificates(String issuer) {
    String prefix = SourceTree.shown(issuer + "/");
    return findings.certificates().stream()
        .filter(found -> found.place().startsWith(prefix))
        .map(
            found ->
                found instanceof Finding.Whole whole ? whole.directory() : Optional.<URI>empty())
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<KeyPair> key(String file) {
    try {
      Optional<String> pem = tree.text(file, SourceTree.PEM_LIMIT_BYTES);
      return pem.isPresent()
          ? Optional.of(KeyForms.pair(KeyForms.privateKey(pem.get())))
          : Optional.empty();
    } catch (SourceException | GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
