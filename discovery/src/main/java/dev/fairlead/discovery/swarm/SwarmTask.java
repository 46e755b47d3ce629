package dev.fairlead.discovery.swarm;

import java.util.List;
import java.util.Optional;

/**
 * A task as Docker knows it.
 *
 * @param serviceId empty for a task of no service
 * @param desiredState what Docker wants of it; a word this program may not know
 * @param state what it is; a word this program may not know
 * @param containerId empty before it has a container
 */
record SwarmTask(
    String id,
    String serviceId,
    String desiredState,
    String state,
    String containerId,
    List<Attachment> attachments) {

  /**
   * The task's place on one network.
   *
   * @param addresses in digits, without the length of the prefix
   */
  record Attachment(SwarmNetwork network, List<String> addresses) {
    Attachment {
      addresses = List.copyOf(addresses);
    }
  }

  SwarmTask {
    attachments = List.copyOf(attachments);
  }

  /**
   * Whether it may be given requests. A task of an image with a health check is running only once
   * it was healthy; a task that is to stop is wanted to shut down seconds before it is told.
   */
  boolean mayBeChosen() {
    return desiredState.equals("running") && state.equals("running");
  }

  /** Its first address on a network. */
  Optional<String> addressOn(SwarmNetwork network) {
    return attachments.stream()
        .filter(attachment -> attachment.network.id().equals(network.id()))
        .flatMap(attachment -> attachment.addresses.stream())
        .findFirst();
  }
}
