package dev.fairlead.acme.store;

import static dev.fairlead.acme.store.CheckResult.ok;
import static dev.fairlead.acme.store.CheckResult.warning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the way the storage is mounted means for its locks, in sentences. */
final class MountCheck {

  private final String place;

  MountCheck(Path root) {
    this.place = "storage " + root;
  }

  List<CheckResult> of(Optional<Mount> mount) {
    if (mount.isEmpty()) {
      return List.of(
          warning(
              place
                  + ": how it is mounted cannot be told, so whether its locks reach other"
                  + " machines is not known (fix: none needed while one machine uses it)"));
    }
    return mount.get().isNfs() ? nfs(mount.get()) : List.of(other(mount.get()));
  }

  private List<CheckResult> nfs(Mount mount) {
    List<CheckResult> results = new ArrayList<>();
    results.add(locks(mount));
    if (mount.has("soft") || mount.has("softerr")) {
      results.add(
          warning(
              "%s: mounted soft, so a server that is away for a minute looks like a broken disk, and a lock that is held is lost (fix: mount it with hard)"
                  .formatted(place)));
    }
    if (mount.has("nocto")) {
      results.add(
          warning(
              "%s: mounted with nocto, so this machine may not see what others wrote, nor that they took a lock over (fix: mount it without nocto)"
                  .formatted(place)));
    }
    return results;
  }

  private CheckResult locks(Mount mount) {
    String version = mount.nfsVersion().map(" "::concat).orElse("");
    Optional<String> local = mount.localLocks();
    if (local.isPresent()) {
      return warning(
          "%s: NFS%s mounted with %s, so fcntl locks hold on this machine only; the lease alone keeps other machines out, and what a dead machine held is free after %d s (fix: mount it without nolock and local_lock, best as NFSv4)"
              .formatted(place, version, local.get(), LeaseTerms.NORMAL.lapse().toSeconds()));
    }
    if (mount.nfsVersion().filter(each -> each.startsWith("3")).isPresent()) {
      return ok(
          "%s: NFS%s from %s, its server keeps the locks; that of a machine that died it keeps for ever, so its lease is free after %d min (better: NFSv4)"
              .formatted(
                  place,
                  version,
                  mount.source(),
                  LeaseTerms.NORMAL.lapseWhileLocked().toMinutes()));
    }
    return ok(
        "%s: NFS%s from %s, its server keeps the locks".formatted(place, version, mount.source()));
  }

  private CheckResult other(Mount mount) {
    return mount.isOfThisMachine()
        ? ok(
            "%s: %s of this machine; instances on other machines do not see it"
                .formatted(place, mount.type()))
        : warning(
            "%s: %s, whose fcntl locks are not known to reach other machines; the lease alone keeps them out, and what a dead machine held is free after %d s (better: NFSv4)"
                .formatted(place, mount.type(), LeaseTerms.NORMAL.lapse().toSeconds()));
  }
}
