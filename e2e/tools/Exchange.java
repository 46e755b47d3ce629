/** One request and its answer; returns when the answer was the one wanted, and whole. */
interface Exchange {
  void run(Seen seen) throws Exception;
}
