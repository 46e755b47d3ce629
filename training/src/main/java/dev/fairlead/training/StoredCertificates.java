package dev.fairlead.training;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A storage as an instance of before has left it: see {@code docs/storage.md}. */
public final class StoredCertificates {

  /** What the folder of the CA is called that {@code acme.directory} names when nothing is said. */
  private static final String AUTHORITY = "acme-v02.api.letsencrypt.org_directory";

  private static final String GENERATION = "20261123T101500Z-4f2a6c";
  private static final Duration LIFE = Duration.ofDays(89);

  private final Path storage;
  private final Instant now;
  private final KeyAndChain authority;

  /**
   * Begins a storage with a CA of its own, which every client is to trust.
   *
   * @param storage a folder; made when it is missing
   */
  public StoredCertificates(Path storage, Instant now) throws IOException {
    this.storage = storage;
    this.now = now;
    KeyPair key = Keys.newP256();
    X509Certificate certificate =
        new CertificateBuilder("CA of the training", key.getPublic(), now, LIFE)
            .forAuthority()
            .selfSigned(key);
    this.authority = new KeyAndChain(key.getPrivate(), List.of(certificate));
    directory(storage);
    file(storage.resolve("version"), "1\n");
  }

  /** The certificate that signed all of them. */
  public X509Certificate authority() {
    return authority.leaf();
  }

  /** Adds a certificate that is good for some weeks. */
  public void add(String host) throws IOException {
    KeyPair key = Keys.newP256();
    X509Certificate leaf =
        new CertificateBuilder(host, key.getPublic(), now, LIFE)
            .name(new HostPattern(false, host))
            .forServers()
            .signedBy(authority);
    Path folder = storage.resolve("certificates").resolve(host).resolve(AUTHORITY);
    Path generation = folder.resolve(GENERATION);
    directory(generation);
    file(generation.resolve("privkey.pem"), Pem.of(key.getPrivate()));
    file(generation.resolve("fullchain.pem"), Pem.of(List.of(leaf, authority.leaf())));
    Files.createSymbolicLink(folder.resolve("current"), Path.of(GENERATION));
  }

  private static void directory(Path path) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static void file(Path path, String text) throws IOException {
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(path, text);
  }
}
