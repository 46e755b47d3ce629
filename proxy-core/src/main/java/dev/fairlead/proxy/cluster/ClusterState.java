package dev.fairlead.proxy.cluster;

/**
 * What goes on when a cluster is replaced by the next one of its name, and leads to that.
 * Thread-safe.
 */
final class ClusterState {

  private final RetryBudget retries = new RetryBudget();
  private final WaitingRoom waitingRoom = new WaitingRoom();
  private volatile Cluster current;

  /**
   * @param first of its name
   */
  ClusterState(Cluster first) {
    current = first;
  }

  Cluster current() {
    return current;
  }

  /** There is another one. */
  void replace(Cluster next) {
    current = next;
    waitingRoom.callAll();
  }

  RetryBudget retries() {
    return retries;
  }

  WaitingRoom waitingRoom() {
    return waitingRoom;
  }
}
