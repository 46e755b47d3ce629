package dev.fairlead.proxy.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Clients are not asked for certificates. Said nowhere, each TLS context would get the names of all
 * the well-known CAs, which it would ask for: some milliseconds, and 100 KiB of memory.
 */
final class NoClientCertificates extends X509ExtendedTrustManager {

  private static final X509Certificate[] NOBODY = {};

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return NOBODY;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw refusal();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw refusal();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw refusal();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw refusal();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw refusal();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw refusal();
  }

  private static CertificateException refusal() {
    return new CertificateException("certificates of peers are not asked for");
  }
}
