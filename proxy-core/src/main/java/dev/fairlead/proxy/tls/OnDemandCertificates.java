package dev.fairlead.proxy.tls;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Certificates that are there only after somebody has come for them. */
@FunctionalInterface
public interface OnDemandCertificates {

  /** Nothing to wait for. */
  CompletionStage<Void> NOW = CompletableFuture.completedStage(null);

  /** No name has any. */
  OnDemandCertificates NONE = _ -> NOW;

  /**
   * A client has come. Called on event loops with each handshake that names a host: must neither
   * wait nor lock, and whatever it keeps of names has to be bounded.
   *
   * @param host as the client sent it, in lower case: anything
   * @return completes, on any thread, when the certificate was published or will not be soon;
   *     completed already for nearly everybody. Of one host the same one for all who wait
   */
  CompletionStage<Void> arrival(String host);
}
