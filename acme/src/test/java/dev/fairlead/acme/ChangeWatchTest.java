package dev.fairlead.acme;

import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeWatchTest {

  private static final URI CA = URI.create("https://ca.example/dir");

  @TempDir private Path folder = Path.of("");

  @Test
  void tellsOfACertificateThatAnotherInstanceStores() throws Exception {
    StorageSettings settings = new StorageSettings(folder, Duration.ofMinutes(1));
    try (Storage here = new Storage(settings, StorageAccess.DIRECT);
        Storage there = new Storage(settings, StorageAccess.DIRECT)) {
      AtomicInteger changes = new AtomicInteger();
      ChangeWatch watch =
          new ChangeWatch(
              new CertificateStorage(here, CA), Duration.ofMillis(20), changes::incrementAndGet);
      Thread thread = Thread.ofVirtual().start(watch);
      CertificateStorage other = new CertificateStorage(there, CA);
      await()
          .until(
              () -> {
                other.save(new HostPattern(false, "shop.example.org"), pair(), Instant.now());
                return changes.get() >= 2;
              });
      thread.interrupt();
      thread.join();
    }
  }

  private static KeyAndChain pair() {
    KeyPair key = Keys.newP256();
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder("test", key.getPublic(), Instant.now(), Duration.ofDays(1))
                .selfSigned(key)));
  }
}
