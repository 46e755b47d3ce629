package dev.fairlead.acme.transfer;

/** What can be taken over from. */
public enum FormerProxy {
  /** The file {@code acme.json} of Traefik 2 and 3. */
  TRAEFIK,
  /** The data directory of Caddy 2. */
  CADDY,
  /** The directory of certbot, usually {@code /etc/letsencrypt}. */
  CERTBOT;

  /** Looks through all of it. */
  Findings read(SourceTree tree, Directories directories) throws SourceException {
    Findings findings = new Findings();
    switch (this) {
      case TRAEFIK -> TraefikFile.read(tree, directories, findings);
      case CADDY -> CaddyFolder.read(tree, directories, findings);
      case CERTBOT -> CertbotFolder.read(tree, directories, findings);
    }
    return findings;
  }
}
