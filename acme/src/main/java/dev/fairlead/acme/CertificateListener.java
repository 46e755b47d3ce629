package dev.fairlead.acme;

/** Hears what is to be served. Called by one thread at a time, in order, only when it changed. */
@FunctionalInterface
public interface CertificateListener {

  /** Takes the place of everything heard before. Returns soon. */
  void changed(ServedCertificates certificates);
}
