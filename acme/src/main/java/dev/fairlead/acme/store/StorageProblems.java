package dev.fairlead.acme.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the storage at the moment. Logs a sentence when it appears and when it is
 * over, not at every poll and not once for every name. Thread-safe.
 */
public final class StorageProblems {

  private static final Logger LOG = LoggerFactory.getLogger(StorageProblems.class);

  private final Map<String, String> sentences = new TreeMap<>();

  StorageProblems() {}

  /** Each problem once. */
  public synchronized List<String> current() {
    return sentences.values().stream().distinct().toList();
  }

  synchronized void found(String what, String sentence) {
    boolean known = sentences.containsValue(sentence);
    sentences.put(what, sentence);
    if (!known) {
      LOG.warn("{}", sentence);
    }
  }

  synchronized void gone(String what) {
    String sentence = sentences.remove(what);
    if (sentence != null && !sentences.containsValue(sentence)) {
      LOG.info("No more: {}", sentence);
    }
  }
}
