package dev.fairlead.acme.store;

import java.io.IOException;

/** An operation on the storage that gives no result. */
@FunctionalInterface
interface IoAction {

  void run() throws IOException;
}
