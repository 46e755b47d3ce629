package dev.fairlead.acme.preflight;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.challenge.Posted;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Looks who is at addresses: puts up a token, as for http-01, whose answer is random and known to
 * the instances on this storage alone, whichever of them is reached. Thread-safe; blocks its
 * callers.
 */
final class Probing {

  private static final int MOST_ADDRESSES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ChallengeBoard board;
  private final NonceProbe probe;

  Probing(ChallengeBoard board, NonceProbe probe) {
    this.board = board;
    this.probe = probe;
  }

  /** Looks at all of them at once, but for what is beyond eight. */
  Map<InetAddress, Reach> look(HostPattern host, List<InetAddress> addresses)
      throws StorageException, InterruptedException {
    List<InetAddress> some = addresses.stream().distinct().limit(MOST_ADDRESSES).toList();
    String token = "preflight-" + random();
    String expected = random();
    Posted posted = board.post(token, expected);
    try (ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reach>> answers =
          looks.invokeAll(
              some.stream()
                  .<Callable<Reach>>map(
                      address -> () -> probe.look(address, host.suffix(), token, expected))
                  .toList());
      Map<InetAddress, Reach> found = new LinkedHashMap<>();
      for (int i = 0; i < answers.size(); i++) {
        found.put(some.get(i), answers.get(i).get());
      }
      return found;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a look at an address of " + host, e);
    } finally {
      posted.remove();
    }
  }

  private static String random() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
