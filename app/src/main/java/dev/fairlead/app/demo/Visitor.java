package dev.fairlead.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Visits the demo as a browser would, trusting nothing but the local CA. Connects to the loopback
 * by itself, since not every machine can look up names below {@code localhost}.
 */
final class Visitor {

  private static final int TIMEOUT_MILLIS = 5000;

  private final SSLContext tls;

  Visitor(Path ca) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(ca)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      trusted.setCertificateEntry("local-ca", certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
  }

  /** The first line of the page at {@code https://<host>:<port>/}. */
  String visit(String host, int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocket secure =
            (SSLSocket) tls.getSocketFactory().createSocket(socket, host, port, true)) {
      secure.setSoTimeout(TIMEOUT_MILLIS);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      String request =
          "GET / HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n";
      secure.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return firstLineOfBody(secure.getInputStream());
    }
  }

  private static String firstLineOfBody(InputStream in) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    String status = reader.readLine();
    if (status == null || !status.contains(" 200 ")) {
      throw new IOException("answer: " + status + " (expected: HTTP/1.1 200 OK)");
    }
    String line = reader.readLine();
    while (line != null && !line.isEmpty()) {
      line = reader.readLine();
    }
    String first = reader.readLine();
    return first == null ? "" : first;
  }
}
