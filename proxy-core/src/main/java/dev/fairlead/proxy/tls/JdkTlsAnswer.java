package dev.fairlead.proxy.tls;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Before Netty lets BoringSSL speak TLS 1.3 it asks the JDK whether that could do it, too. The
 * answer is yes for every JDK this program runs on, but for it the JDK gets the whole of its TLS
 * ready: a tenth of a start's processor time. So the one thread that loads Netty's TLS is answered
 * from here meanwhile; every other thread gets the JDK's.
 */
final class JdkTlsAnswer extends Provider {

  private static final long serialVersionUID = 1;
  private static final String NAME = "FairleadTlsAnswer";
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final String[] CIPHER_SUITES = {"TLS_AES_128_GCM_SHA256"};

  private JdkTlsAnswer(Thread asking) {
    super(NAME, "1", "answers what the JDK's TLS can do");
    putService(new ForThread(this, asking));
  }

  /** Runs what asks, on this thread. */
  static void during(Runnable asking) {
    Security.insertProviderAt(new JdkTlsAnswer(Thread.currentThread()), 1);
    try {
      asking.run();
    } finally {
      Security.removeProvider(NAME);
    }
  }

  private static final class ForThread extends Service {
    private final Thread asking;

    ForThread(Provider provider, Thread asking) {
      super(provider, "SSLContext", "TLS", Answer.class.getName(), null, null);
      this.asking = asking;
    }

    @Override
    public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
      if (Thread.currentThread().equals(asking)) {
        return new Answer();
      }
      for (Provider other : Security.getProviders()) {
        Service service = other.getService(getType(), getAlgorithm());
        if (service != null && !(service instanceof ForThread)) {
          return service.newInstance(parameter);
        }
      }
      throw new NoSuchAlgorithmException("this JDK has no TLS");
    }
  }

  private static final class Answer extends SSLContextSpi {
    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {}

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return new SSLParameters(CIPHER_SUITES, PROTOCOLS);
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return engineGetSupportedSSLParameters();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw onlyAnswers();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw onlyAnswers();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      throw onlyAnswers();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      throw onlyAnswers();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      throw onlyAnswers();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      throw onlyAnswers();
    }

    private static UnsupportedOperationException onlyAnswers() {
      return new UnsupportedOperationException("says what the JDK's TLS can do, and no more");
    }
  }
}
