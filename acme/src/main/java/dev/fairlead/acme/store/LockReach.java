package dev.fairlead.acme.store;

import java.util.Locale;

/** How far an fcntl lock on the storage excludes others. */
enum LockReach {
  /** The file system has none. */
  NONE,
  /** Other processes of this machine, as far as is known. */
  MACHINE,
  /** All machines that have the share mounted like this: its server keeps the lock. */
  SERVER;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static LockReach parse(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
