package dev.fairlead.acme.dns;

/**
 * Puts TXT records into DNS. Records of the same name with other values stay as they are: {@code
 * example.com} and {@code *.example.com} are ordered at the same time. Thread-safe.
 */
interface DnsProvider {

  /** Adds a record; nothing when it is there. */
  void present(TxtRecord record) throws DnsException, InterruptedException;

  /** Takes a record away; nothing when it is not there. */
  void cleanup(TxtRecord record) throws DnsException, InterruptedException;

  /** What to look at when a record that was set is not seen. */
  String whenUnseen(TxtRecord record);

  /** How many records may be up at once. */
  default int mostAtOnce() {
    return Integer.MAX_VALUE;
  }
}
