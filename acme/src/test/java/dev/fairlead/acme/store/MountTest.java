package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the table of mounts says of locks, as kernels write it. */
class MountTest {

  private static final Path ROOT = Path.of("/var/lib/fairlead");
  private static final String DISK =
      "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resuid=65534";
  private static final String NFS_4 =
      "61 27 0:52 / /var/lib/fairlead rw,relatime shared:7 - nfs4 nas:/export"
          + " rw,vers=4.2,rsize=262144,namlen=255,hard,proto=tcp,timeo=600,sec=sys,clientaddr=10.0.0.5,local_lock=none,addr=10.0.0.9";
  private static final String NFS_3 =
      "62 27 0:53 / /var/lib/fairlead rw,relatime - nfs nas:/export"
          + " rw,vers=3,hard,proto=tcp,mountvers=3,local_lock=none,addr=10.0.0.9";
  private static final String NFS_3_NOLOCK =
      "62 27 0:53 / /var/lib/fairlead rw,relatime - nfs nas:/export"
          + " rw,vers=3,soft,nolock,nocto,proto=tcp,local_lock=all,addr=10.0.0.9";

  @Test
  void theServerKeepsTheLocksOfAnNfs4Mount() {
    Mount mount = find(DISK, NFS_4);
    assertThat(mount.reach()).isEqualTo(LockReach.SERVER);
    assertThat(sentences(mount))
        .containsExactly(
            CheckResult.ok(
                "storage /var/lib/fairlead: NFS 4.2 from nas:/export, its server keeps the locks"));
  }

  @Test
  void withNfs3AMachineThatDiedKeepsItsLockForEver() {
    Mount mount = find(DISK, NFS_3);
    assertThat(mount.reach()).isEqualTo(LockReach.SERVER);
    assertThat(sentences(mount))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.level()).isEqualTo(CheckResult.Level.OK);
              assertThat(result.sentence()).contains("keeps for ever", "5 min", "better: NFSv4");
            });
  }

  @Test
  void withNolockTheyStayOnTheMachine() {
    Mount mount = find(DISK, NFS_3_NOLOCK);
    assertThat(mount.reach()).isEqualTo(LockReach.MACHINE);
    assertThat(sentences(mount))
        .allSatisfy(result -> assertThat(result.level()).isEqualTo(CheckResult.Level.WARNING))
        .extracting(CheckResult::sentence)
        .satisfiesExactly(
            locks ->
                assertThat(locks)
                    .contains("NFS 3 mounted with nolock", "free after 30 s", "fix: mount it"),
            soft -> assertThat(soft).contains("mounted soft", "fix: mount it with hard"),
            nocto -> assertThat(nocto).contains("mounted with nocto", "fix: "));
  }

  @Test
  void localLockCountsForFcntlOnly() {
    assertThat(find(NFS_4.replace("local_lock=none", "local_lock=all")).reach())
        .isEqualTo(LockReach.MACHINE);
    assertThat(find(NFS_4.replace("local_lock=none", "local_lock=posix")).reach())
        .isEqualTo(LockReach.MACHINE);
    assertThat(find(NFS_4.replace("local_lock=none", "local_lock=flock")).reach())
        .isEqualTo(LockReach.SERVER);
  }

  @Test
  void aDiskOfThisMachineIsFineForOne() {
    Mount mount = find(DISK);
    assertThat(mount.reach()).isEqualTo(LockReach.MACHINE);
    assertThat(sentences(mount))
        .containsExactly(
            CheckResult.ok(
                "storage /var/lib/fairlead: ext4 of this machine; instances on other machines do"
                    + " not see it"));
  }

  @Test
  void whatIsNotKnownIsSaid() {
    Mount mount = find(DISK, "70 27 0:60 / /var/lib/fairlead rw - fuse.s3fs s3fs rw,user_id=0");
    assertThat(mount.reach()).isEqualTo(LockReach.MACHINE);
    assertThat(sentences(mount).getFirst().sentence())
        .contains("fuse.s3fs, whose fcntl locks are not known to reach other machines");
    assertThat(new MountCheck(ROOT).of(Optional.empty()).getFirst().level())
        .isEqualTo(CheckResult.Level.WARNING);
  }

  @Test
  void theNearestAndLatestMountCounts() {
    String elsewhere = NFS_4.replace("/var/lib/fairlead", "/var/lib/fair");
    assertThat(find(DISK, elsewhere).type()).isEqualTo("ext4");
    String above = NFS_4.replace("/var/lib/fairlead", "/var/lib");
    assertThat(find(DISK, above).type()).isEqualTo("nfs4");
    assertThat(find(DISK, NFS_4, NFS_3).type()).as("mounted over it").isEqualTo("nfs");
    assertThat(find(NFS_4, DISK).type()).as("in any order").isEqualTo("nfs4");
  }

  @Test
  void namesMayHaveSpaces() {
    String line = NFS_4.replace("/var/lib/fairlead", "/mnt/my\\040share");
    assertThat(Mount.find(List.of(line), Path.of("/mnt/my share/fairlead")))
        .map(Mount::point)
        .contains(Path.of("/mnt/my share"));
  }

  @Test
  void strangeLinesAreNoMounts() {
    assertThat(Mount.find(List.of("", "a b c", "1 2 3 - ext4", "1 2 3 4 / rw -  "), ROOT))
        .isEmpty();
  }

  @Test
  void itFindsTheRealOneOfADirectoryThatIsNotThereYet() throws Exception {
    assertThat(Mount.of(Path.of("/proc/self/none/such"))).map(Mount::type).contains("proc");
  }

  private static Mount find(String... lines) {
    return Mount.find(List.of(lines), ROOT).orElseThrow();
  }

  private static List<CheckResult> sentences(Mount mount) {
    return new MountCheck(ROOT).of(Optional.of(mount));
  }
}
