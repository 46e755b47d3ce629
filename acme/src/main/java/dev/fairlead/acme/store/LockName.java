package dev.fairlead.acme.store;

import dev.fairlead.config.routing.HostPattern;
import java.net.URI;

/**
 * What a lock is about. Names of hosts have no {@code @}, so they meet nothing else.
 *
 * @param text the name of the lock file without its ending
 */
public record LockName(String text) {

  /** Guards the local CA. */
  public static final LockName LOCAL_CA = new LockName("@local-ca");

  /** Guards a secret that instances share. */
  public static LockName secret(String name) {
    return new LockName("@secret-" + name);
  }

  /** Guards the certificate of a host. */
  public static LockName of(HostPattern host) {
    return new LockName(FileNames.of(host));
  }

  /** Guards a text that instances share. */
  static LockName note(String name) {
    return new LockName("@" + name);
  }

  /** Guards what has been spent of the limits of a CA. */
  public static LockName budget(URI directory) {
    return new LockName("@budget-" + FileNames.of(directory));
  }

  /** Guards the account at a CA. */
  public static LockName account(URI directory) {
    return new LockName("@account-" + FileNames.of(directory));
  }
}
