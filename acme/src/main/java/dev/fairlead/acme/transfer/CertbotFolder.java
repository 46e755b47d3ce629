package dev.fairlead.acme.transfer;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directory of certbot (certbot.configuration, _internal/storage.py, _internal/account.py):
 *
 * <pre>
 * live/&lt;name&gt;/fullchain.pem, privkey.pem         links to archive/&lt;name&gt;/fullchain3.pem, …
 * renewal/&lt;name&gt;.conf                           [renewalparams] server = …, account = …
 * accounts/&lt;server&gt;/&lt;path&gt;/&lt;id&gt;/private_key.json   a JSON Web Key
 * </pre>
 */
final class CertbotFolder {

  private final SourceTree tree;
  private final Findings findings;
  private final Set<URI> servers = new LinkedHashSet<>();
  private final Set<String> usedAccounts = new LinkedHashSet<>();

  private CertbotFolder(SourceTree tree, Findings findings) {
    this.tree = tree;
    this.findings = findings;
  }

  static void read(SourceTree tree, Directories directories, Findings findings)
      throws SourceException {
    if (!tree.isDirectory("live")) {
      throw new SourceException(
          tree.name()
              + ": no directory live in it (expected: certbot's, usually /etc/letsencrypt)");
    }
    CertbotFolder folder = new CertbotFolder(tree, findings);
    for (String name : tree.names("live")) {
      folder.readCertificate(name);
    }
    folder.servers.addAll(directories.known());
    for (URI server : folder.servers) {
      folder.readAccounts(server);
    }
  }

  private void readCertificate(String name) throws SourceException {
    String folder = "live/" + name;
    String place = SourceTree.shown(folder);
    try {
      if (!tree.isDirectory(folder)) {
        return; // the file README
      }
      Optional<String> chain = tree.text(folder + "/fullchain.pem", SourceTree.PEM_LIMIT_BYTES);
      Optional<String> key = tree.text(folder + "/privkey.pem", SourceTree.PEM_LIMIT_BYTES);
      findings.add(
          chain.isEmpty() || key.isEmpty()
              ? Finding.loss(place, "it lacks its fullchain.pem or its privkey.pem")
              : Finding.of(place, server(name), chain.get(), key.get()));
    } catch (SourceException e) {
      findings.add(Finding.loss(place, String.valueOf(e.getMessage())));
    }
  }

  private Optional<URI> server(String name) throws SourceException {
    Optional<String> text = tree.text("renewal/" + name + ".conf", SourceTree.NOTE_LIMIT_BYTES);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> server = value(text.get(), "server").flatMap(Directories::parse);
    server.ifPresent(servers::add);
    value(text.get(), "account").ifPresent(usedAccounts::add);
    return server;
  }

  /** A value of such a file; of its only section, or before it. */
  private static Optional<String> value(String text, String key) {
    return text.lines()
        .map(line -> line.split("=", 2))
        .filter(parts -> parts.length == 2 && parts[0].strip().equals(key))
        .map(parts -> parts[1].strip().replaceAll("^([\"'])(.*)\\1$", "$2"))
        .findFirst();
  }

  private void readAccounts(URI server) throws SourceException {
    String folder = "accounts/" + server.getRawAuthority() + server.getRawPath();
    List<String> ids;
    try {
      ids = new ArrayList<>(tree.isDirectory(folder) ? tree.names(folder) : List.of());
    } catch (SourceException e) {
      findings.add(
          new FoundAccount(SourceTree.shown(folder), Optional.of(server), Optional.empty()));
      return;
    }
    ids.sort((one, other) -> Boolean.compare(isUsed(other), isUsed(one)));
    for (String id : ids) {
      Optional<String> text = key(folder + "/" + id);
      if (text.isPresent()) {
        findings.add(
            new FoundAccount(
                SourceTree.shown("account " + id),
                Optional.of(server),
                text.flatMap(SourceJson::object).flatMap(JsonWebKey::pair)));
      }
    }
  }

  private boolean isUsed(String account) {
    return usedAccounts.contains(account);
  }

  private Optional<String> key(String folder) {
    try {
      return tree.isDirectory(folder)
          ? tree.text(folder + "/private_key.json", SourceTree.NOTE_LIMIT_BYTES)
          : Optional.empty();
    } catch (SourceException e) {
      return Optional.of("");
    }
  }
}
