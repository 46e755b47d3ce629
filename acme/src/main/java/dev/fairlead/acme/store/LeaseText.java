package dev.fairlead.acme.store;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a lease says, in one line that people can read where it stands.
 *
 * @param holder who has it, or had it last, for people
 * @param instance the running instance, by chance: 16 hexadecimal digits
 * @param machine the kernel and the mount that the holder's fcntl lock is of
 * @param lock how far that lock excludes others; {@link LockReach#NONE} when it has none
 * @param free whether it was given back
 */
record LeaseText(String holder, String instance, String machine, LockReach lock, boolean free) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<holder>[^;]{1,300}); instance (?<instance>[0-9a-f]{16});"
              + " machine (?<machine>[^;]{1,100}); lock (?<lock>none|machine|server);"
              + " (?<state>held|free)");

  LeaseText {
    // It is the target of a symbolic link: a path to Java, which changes slashes.
    holder = holder.replaceAll("[^A-Za-z0-9 .:_-]", "_");
    machine = machine.replaceAll("[^A-Za-z0-9 .:_-]", "_");
  }

  /** Empty for what nobody of this program wrote. */
  static Optional<LeaseText> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new LeaseText(
                form.group("holder"),
                form.group("instance"),
                form.group("machine"),
                LockReach.parse(form.group("lock")),
                form.group("state").equals("free")))
        : Optional.empty();
  }

  LeaseText givenBack() {
    return new LeaseText(holder, instance, machine, lock, true);
  }

  @Override
  public String toString() {
    return "%s; instance %s; machine %s; lock %s; %s"
        .formatted(holder, instance, machine, lock.word(), free ? "free" : "held");
  }
}
