package dev.fairlead.proxy.http;

/**
 * Why an exchange is answered by the proxy itself. The ONE place that turns a failure into a
 * status.
 */
public enum Failure {
  /** The request can't be read in exactly one way. */
  BAD_REQUEST(400, "The request is malformed."),
  /** Nothing is routed for this host and path. */
  NOT_FOUND(404, "Nothing is served here."),
  /** The head did not arrive in time. */
  REQUEST_TIMEOUT(408, "The request took too long to arrive."),
  /** The body is larger than the route takes. */
  CONTENT_TOO_LARGE(413, "The request is too large."),
  /** The request target is longer than the proxy reads. */
  URI_TOO_LONG(414, "The address is too long."),
  /** The connection was made for another host (RFC 9110 §15.5.20). */
  MISDIRECTED(421, "This connection was made for another host."),
  /** The header section is larger than the proxy reads. */
  HEADERS_TOO_LARGE(431, "The header fields are too large."),
  /** The client asks for what the proxy does not do. */
  NOT_IMPLEMENTED(501, "The proxy does not support this method."),
  /** The endpoint's answer can't be passed on, or ended before it began. */
  BAD_GATEWAY(502, "The service did not give a proper answer."),
  /** No task can answer now; it is worth to come back. */
  NO_ENDPOINT(503, "The service has no running instance at the moment."),
  /** No task has room, and as many wait as may, or this one has waited long enough. */
  BUSY(503, "The service is busy."),
  /** The proxy does not know yet what is routed. */
  NOT_READY(503, "The proxy is starting."),
  /** Whether a challenge of a CA is ours could not be looked up. */
  CHALLENGE_UNKNOWN(503, "The answer to this challenge could not be looked up."),
  /** No connection to any endpoint could be made. */
  UNREACHABLE(503, "No instance of the service could be reached."),
  /** The endpoint gave no sign for too long. */
  GATEWAY_TIMEOUT(504, "The service took too long to answer.");

  private final int status;
  private final String sentence;

  Failure(int status, String sentence) {
    this.status = status;
    this.sentence = sentence;
  }

  public int status() {
    return status;
  }

  /** For visitors: nothing of what is inside. */
  public String sentence() {
    return sentence;
  }

  /** Whether the visitor is told when to come back. */
  boolean isPassing() {
    return status == 503;
  }
}
