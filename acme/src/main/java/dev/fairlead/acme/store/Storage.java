package dev.fairlead.acme.store;

import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The directory on the share: every operation on it passes here. Callers are virtual threads and
 * wait at most {@code storage.timeout} each. Thread-safe.
 */
public final class Storage implements AutoCloseable {

  private static final int THREADS = 4;
  private static final int THREADS_FOR_VISITORS = 2;
  private static final int STALE_RETRIES = 2;

  private final Path root;
  private final String setting;
  private final Duration timeout;
  private final StorageThreads threads;

  /**
   * Others, as a CA waits for seconds, and what a thousand names do on a slow share for longer; nor
   * may those who guess tokens keep the names from it.
   */
  private final StorageThreads visitors;

  private final StorageProblems problems = new StorageProblems();
  private final Files0600 files;
  private final FormatVersion version;
  private final Leases leases = new Leases(this::beat);
  private final String instance = Files0600.randomHex(16);

  public Storage(StorageSettings settings, StorageAccess access) {
    this(settings, "storage.path", access);
  }

  /**
   * @param setting that says where it is, for people who have to change it
   */
  Storage(StorageSettings settings, String setting, StorageAccess access) {
    this.setting = setting;
    this.root = settings.path().toAbsolutePath().normalize();
    this.timeout = settings.timeout();
    this.threads = new StorageThreads(root.toString(), THREADS);
    this.visitors = new StorageThreads(root.toString(), THREADS_FOR_VISITORS);
    this.files = new Files0600(access);
    this.version = new FormatVersion(root, files);
  }

  /** What is wrong with it now. */
  public StorageProblems problems() {
    return problems;
  }

  Path root() {
    return root;
  }

  Files0600 files() {
    return files;
  }

  /** What locks this instance holds. */
  Leases leases() {
    return leases;
  }

  /** This running instance, as no other is called: 16 hexadecimal digits. */
  String instance() {
    return instance;
  }

  /**
   * The folder of one name's certificates of one CA.
   *
   * @param authority the CA's directory as a file's name
   */
  Path certificates(HostPattern host, String authority) {
    return root.resolve("certificates").resolve(FileNames.of(host)).resolve(authority);
  }

  /** Runs what changes nothing. */
  <T> T read(Path where, IoCall<T> call) throws StorageException, InterruptedException {
    return run("read " + where, checked(call), late -> {});
  }

  /** As {@link #read}, by those who do not decide what is a problem. */
  <T> T peek(IoCall<T> call) throws StorageException, InterruptedException {
    return peek(threads, call);
  }

  /** As {@link #peek}, for what visitors ask: it waits for none of the other calls. */
  <T> T lookUp(IoCall<T> call) throws StorageException, InterruptedException {
    return peek(visitors, call);
  }

  private <T> T peek(StorageThreads on, IoCall<T> call)
      throws StorageException, InterruptedException {
    try {
      return on.call(timeout, checked(call), late -> {});
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** As {@link #read}, of the directory itself: whoever may not look into it may do this. */
  <T> T lookAt(IoCall<T> call) throws StorageException, InterruptedException {
    return run("look at " + root, call, late -> {});
  }

  private <T> IoCall<T> checked(IoCall<T> call) {
    return turn -> {
      version.check();
      return call.call(turn);
    };
  }

  /** Called where nothing was found: whether that is so, or the share is not mounted any more. */
  void checkThere() throws IOException {
    version.checkThere();
  }

  /** Nobody uses a place any more: what was wrong with it does not matter. */
  void forget(Path where) {
    problems.gone("read " + where);
    problems.gone("write " + where);
  }

  /** Runs what changes the storage; makes its directory first when it is missing. */
  <T> T write(Path where, IoCall<T> call) throws StorageException, InterruptedException {
    return write(where, call, late -> {});
  }

  /**
   * As {@link #write(Path, IoCall)}.
   *
   * @param late takes a result that came after the time limit
   */
  <T> T write(Path where, IoCall<T> call, Consumer<T> late)
      throws StorageException, InterruptedException {
    return run(
        "write " + where,
        turn -> {
          version.prepare();
          return call.call(turn);
        },
        late);
  }

  /**
   * Runs what changes the storage in a place that a lock guards. While this instance has the lock,
   * {@link IoTurn#checkWanted} fails when another one has taken it over, and so does this when that
   * happened until the end. Who asks for no lock (tests, repairs) is not checked.
   *
   * @param guard the lock that the caller holds
   */
  <T> T write(Path where, LockName guard, IoCall<T> call)
      throws StorageException, InterruptedException {
    Optional<Lease> lease = leases.of(guard);
    return lease.isEmpty()
        ? write(where, call)
        : write(where, turn -> guarded(call, turn, lease.get()));
  }

  private static <T> T guarded(IoCall<T> call, IoTurn turn, Lease lease) throws IOException {
    turn.guard(lease::check);
    try {
      T result = repeatWhenStale(call, turn); // or the lock would go with the first of them
      lease.check();
      return result;
    } catch (IOException e) {
      lease.failed(e);
      throw e;
    }
  }

  private void beat(Lease lease) throws StorageException, InterruptedException {
    try {
      threads.call(
          timeout,
          turn -> {
            lease.beat();
            return true;
          },
          late -> {});
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** Runs something whose end nobody waits for, like giving back a lock. */
  void later(IoAction action) {
    threads.execute(action);
  }

  private <T> T run(String what, IoCall<T> call, Consumer<T> late)
      throws StorageException, InterruptedException {
    try {
      T result = threads.call(timeout, turn -> repeatWhenStale(call, turn), late);
      problems.gone(what);
      return result;
    } catch (StorageException e) {
      problems.found(what, String.valueOf(e.getMessage()));
      throw e;
    } catch (ExecutionException e) {
      StorageException failure = failure(e);
      problems.found(what, String.valueOf(failure.getMessage()));
      throw failure;
    }
  }

  private StorageException failure(ExecutionException e) {
    if (e.getCause() instanceof IOException cause) {
      return Explain.failure(root, setting, cause);
    }
    throw new IllegalStateException("storage " + root, e.getCause());
  }

  private static <T> T repeatWhenStale(IoCall<T> call, IoTurn turn) throws IOException {
    for (int retries = 0; ; retries++) {
      try {
        return call.run(turn);
      } catch (IOException e) {
        if (retries == STALE_RETRIES || !Explain.isStale(e)) {
          throw e;
        }
      }
    }
  }

  /** Takes no more operations; waits for none. */
  @Override
  public void close() {
    leases.close();
    threads.close();
    visitors.close();
  }

  /**
   * Waits after {@link #close} until nothing here touches the directory any more.
   *
   * @return whether it is so, within {@code limit}
   */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    return threads.awaitEnd(limit)
        && visitors.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
  }
}
