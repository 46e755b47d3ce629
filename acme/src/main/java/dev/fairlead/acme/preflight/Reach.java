package dev.fairlead.acme.preflight;

/** What was found at an address. */
sealed interface Reach {

  /** One of the instances on this storage. */
  record Ours() implements Reach {}

  /**
   * Somebody else, or something in front of us.
   *
   * @param answer the first line that was said
   */
  record Other(String answer) implements Reach {

    /** Whether it says where else to ask: the CA follows that, and may come here. */
    boolean isRedirect() {
      return status().startsWith("3");
    }

    /**
     * Whether a server has answered for itself. What is in front of us and refuses strangers (403,
     * 429), or does not reach us now (502), may still lead the CA here.
     */
    boolean isDefinite() {
      return status().equals("200") || status().equals("404");
    }

    private String status() {
      String[] words = answer.split(" ", 3);
      return words.length > 1 && words[0].startsWith("HTTP/") ? words[1] : "";
    }
  }

  /**
   * Nobody, from here.
   *
   * @param reason in words
   */
  record Nobody(String reason) implements Reach {}
}
