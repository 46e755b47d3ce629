package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that keeps a key and its chain in generations: directories that never change once they
 * have their name. {@code current} names one of them and is switched by one rename, so a reader who
 * resolves it once reads two files that belong together. Their checksums stand beside them. Used on
 * the storage's threads only.
 */
final class PairFolder {

  private static final String KEY = "privkey.pem";
  private static final int MOST_TRIES = 20;
  private static final Pattern GENERATION = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path root;
  private final Path folder;
  private final String chainFile;
  private final Files0600 files;

  /**
   * @param root the storage's directory
   * @param folder below it
   * @param chainFile what the file with the certificates is called
   */
  PairFolder(Path root, Path folder, String chainFile, Files0600 files) {
    this.root = root;
    this.folder = folder;
    this.chainFile = chainFile;
    this.files = files;
  }

  /** Where the certificates are found by people. */
  Path chainPath() {
    return folder.resolve("current").resolve(chainFile);
  }

  /** The generation in use; cheap, to be asked at every poll. */
  Optional<String> current() throws IOException {
    files.before(folder);
    try {
      files.revalidate(folder);
      String target = Files.readSymbolicLink(folder.resolve("current")).toString();
      return Optional.of(target).filter(name -> GENERATION.matcher(name).matches());
    } catch (NoSuchFileException | NotLinkException e) {
      return Optional.empty();
    }
  }

  /**
   * The pair in use. A generation that is damaged is passed over for the newest good one before it.
   */
  LoadedPair load() throws IOException {
    for (int tries = 1; ; tries++) {
      Optional<String> current = current();
      LoadedPair loaded = load(current);
      // Whoever saved meanwhile may have removed what was being read.
      if (tries == MOST_TRIES || current().equals(current)) {
        return loaded;
      }
    }
  }

  private LoadedPair load(Optional<String> current) throws IOException {
    List<String> remarks = new ArrayList<>();
    Optional<String> served = current;
    Optional<KeyAndChain> pair =
        current.isPresent() ? good(current.get(), remarks) : Optional.empty();
    if (pair.isEmpty()) {
      for (String older : others(current)) {
        served = Optional.of(older);
        pair = good(older, remarks);
        if (pair.isPresent()) {
          break;
        }
      }
    }
    return new LoadedPair(current, pair.isPresent() ? served : Optional.empty(), pair, remarks);
  }

  /** Empty when it is damaged. */
  private Optional<KeyAndChain> good(String generation, List<String> remarks) throws IOException {
    try {
      return Optional.of(read(folder.resolve(generation), remarks));
    } catch (GeneralSecurityException e) {
      remarks.add(
          "%s: ignored, %s (fix: none needed, it is replaced)"
              .formatted(folder.resolve(generation), e.getMessage()));
      return Optional.empty();
    }
  }

  /** Makes a pair the one in use; keeps the one before it, removes what is older. */
  void save(KeyAndChain pair, Instant now, IoTurn turn) throws IOException {
    files.createDirectories(root, folder);
    Optional<String> previous = current();
    String generation = TIME.format(now) + "-" + Files0600.randomHex(6);
    Path unfinished = folder.resolve(".new-" + generation);
    try {
      files.createNewDirectory(unfinished);
      write(unfinished, pair);
      turn.checkWanted();
      files.rename(unfinished, folder.resolve(generation));
    } catch (IOException e) {
      throw withoutRest(unfinished, e);
    }
    files.sync(folder);
    files.pointTo(folder.resolve("current"), generation, turn);
    removeBut(generation, previous.orElse(generation), turn);
  }

  private void write(Path unfinished, KeyAndChain pair) throws IOException {
    Map<String, String> texts =
        Map.of(KEY, Pem.of(pair.privateKey()), chainFile, Pem.of(pair.chain()));
    for (Map.Entry<String, String> text : texts.entrySet()) {
      files.create(unfinished.resolve(text.getKey()), text.getValue());
    }
    files.create(unfinished.resolve(Checksums.FILE), Checksums.of(texts));
    files.sync(unfinished);
  }

  /** On a full disk what was begun stands in the way of what comes after it. */
  private IOException withoutRest(Path unfinished, IOException failure) {
    try {
      files.delete(unfinished);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Asks the server, not this machine's memory, at the next look. */
  void refresh() throws IOException {
    files.refresh(root, folder);
  }

  /** All but the one in use, the newest first. */
  private List<String> others(Optional<String> current) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> GENERATION.matcher(name).matches())
          .filter(name -> !current.equals(Optional.of(name)))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private KeyAndChain read(Path generation, List<String> remarks)
      throws IOException, GeneralSecurityException {
    Path keyFile = generation.resolve(KEY);
    String key = files.read(keyFile).orElseThrow(() -> new GeneralSecurityException("no " + KEY));
    String chain =
        files
            .read(generation.resolve(chainFile))
            .orElseThrow(() -> new GeneralSecurityException("no " + chainFile));
    PrivateKey privateKey = Pem.privateKey(key);
    List<X509Certificate> certificates = Pem.certificates(chain);
    if (!Keys.belongTogether(privateKey, certificates.getFirst().getPublicKey())) {
      throw new GeneralSecurityException("its key does not belong to its certificate");
    }
    Optional<String> manifest = files.read(generation.resolve(Checksums.FILE));
    if (manifest.isPresent()) {
      Checksums.verify(manifest.get(), Map.of(KEY, key, chainFile, chain));
    }
    files.readableByOthers(keyFile).ifPresent(remarks::add);
    return new KeyAndChain(privateKey, certificates);
  }

  /**
   * Who lost the lock meanwhile may not remove what its new holder made. So the list is made first:
   * while the lock was held after it, all in it is older.
   */
  private void removeBut(String current, String previous, IoTurn turn) throws IOException {
    List<Path> superfluous;
    try (Stream<Path> entries = Files.list(folder)) {
      superfluous =
          entries
              .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
              .filter(entry -> !entry.endsWith(current) && !entry.endsWith(previous))
              .toList();
    }
    if (!superfluous.isEmpty()) {
      turn.checkWanted();
    }
    for (Path directory : superfluous) {
      files.delete(directory);
    }
  }
}
