package dev.fairlead.acme.store;

import java.io.IOException;

/** One operation on the storage, which may hang. */
@FunctionalInterface
interface IoCall<T> {

  T call(IoTurn turn) throws IOException;
}
