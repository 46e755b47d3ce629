package dev.fairlead.discovery.swarm;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes docker-java's HTTP client while the rest of the proxy starts: its classes take longer to
 * load than anything else at a start. Thread-safe.
 */
final class HttpClientLoader implements AutoCloseable {

  private final FutureTask<DockerHttpClient> client;

  private HttpClientLoader(FutureTask<DockerHttpClient> client) {
    this.client = client;
  }

  /** Begins, on a platform thread: virtual ones that wait for a class hold their carriers. */
  static HttpClientLoader start(URI endpoint, Duration connectTimeout) {
    var client = new FutureTask<DockerHttpClient>(() -> make(endpoint, connectTimeout));
    Thread.ofPlatform().daemon().name("docker client").start(client);
    return new HttpClientLoader(client);
  }

  /** Waits until the client is there. */
  DockerHttpClient get() throws ExecutionException, InterruptedException {
    return client.get();
  }

  @Override
  public void close() throws IOException {
    try {
      client.get().close();
    } catch (ExecutionException e) {
      throw new IllegalStateException("docker-java's client", e.getCause());
    } catch (InterruptedException e) {
      // The process ends: it has no connections to anybody who would miss it.
      Thread.currentThread().interrupt();
    }
  }

  private static DockerHttpClient make(URI endpoint, Duration connectTimeout) {
    var builder =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(endpoint)
            .connectionTimeout(connectTimeout);
    // Any context would mean TLS at a TCP port.
    return endpoint.getScheme().equals("unix")
        ? builder.sslConfig(NoTls::context).build()
        : builder.build();
  }
}
