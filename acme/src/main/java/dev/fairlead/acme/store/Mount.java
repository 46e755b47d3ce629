package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is mounted where the storage is, as Linux tells it (proc(5), {@code mountinfo}).
 *
 * @param point where it is mounted
 * @param type {@code nfs4}, {@code ext4}
 * @param source {@code nas:/export}, {@code /dev/sda1}
 * @param options those of the mount, then those of the file system
 */
record Mount(Path point, String type, String source, List<String> options) {

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
  private static final Set<String> NFS = Set.of("nfs", "nfs4");
  private static final Set<String> OF_THIS_MACHINE =
      Set.of(
          "bcachefs",
          "btrfs",
          "ext2",
          "ext3",
          "ext4",
          "f2fs",
          "jfs",
          "overlay",
          "ramfs",
          "tmpfs",
          "xfs",
          "zfs");

  Mount {
    options = List.copyOf(options);
  }

  /**
   * The mount that a directory, which may be missing yet, is or would be on; empty where that
   * cannot be told. May hang as the storage does.
   */
  static Optional<Mount> of(Path directory) throws IOException {
    Path existing = directory;
    while (!Files.exists(existing)) {
      Path above = existing.getParent();
      if (above == null) {
        return Optional.empty();
      }
      existing = above;
    }
    return Files.isReadable(MOUNTS)
        ? find(Files.readAllLines(MOUNTS), existing.toRealPath())
        : Optional.empty();
  }

  /** The last one above a path: later ones cover earlier ones. */
  static Optional<Mount> find(List<String> lines, Path path) {
    Optional<Mount> found = Optional.empty();
    for (String line : lines) {
      Optional<Mount> mount = parse(line).filter(each -> path.startsWith(each.point));
      if (mount.isPresent()
          && (found.isEmpty()
              || mount.get().point.getNameCount() >= found.get().point.getNameCount())) {
        found = mount;
      }
    }
    return found;
  }

  /** {@code 36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/sda1 rw,errors=continue}. */
  private static Optional<Mount> parse(String line) {
    String[] halves = line.split(" - ", 2);
    String[] left = halves[0].split(" ", -1);
    String[] right = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
    if (left.length < 6 || right.length < 2 || right[0].isEmpty()) {
      return Optional.empty();
    }
    List<String> options = new ArrayList<>(Arrays.asList(left[5].split(",", -1)));
    if (right.length > 2) {
      options.addAll(Arrays.asList(right[2].split(",", -1)));
    }
    return Optional.of(new Mount(Path.of(plain(left[4])), right[0], plain(right[1]), options));
  }

  private static String plain(String field) {
    return ESCAPE
        .matcher(field)
        .replaceAll(
            octal ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
  }

  /** How far fcntl locks on it reach, by what the mount says. */
  LockReach reach() {
    return isNfs() && localLocks().isEmpty() ? LockReach.SERVER : LockReach.MACHINE;
  }

  boolean isNfs() {
    return NFS.contains(type);
  }

  /** Whether only this machine uses it. */
  boolean isOfThisMachine() {
    return OF_THIS_MACHINE.contains(type);
  }

  /** The option by which fcntl locks stay on this machine; flock, which is another, may. */
  Optional<String> localLocks() {
    return options.stream()
        .filter(Set.of("nolock", "local_lock=all", "local_lock=posix")::contains)
        .findFirst();
  }

  /** {@code 3}, {@code 4.2}; empty for what is no NFS. */
  Optional<String> nfsVersion() {
    return options.stream()
        .filter(option -> isNfs() && option.startsWith("vers="))
        .map(option -> option.substring("vers=".length()))
        .findFirst();
  }

  boolean has(String option) {
    return options.contains(option);
  }
}
