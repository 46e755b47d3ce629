package dev.fairlead.proxy.message;

/**
 * A response's head.
 *
 * @param status 100 to 999
 * @param headers framing fields ({@code Content-Length}) included, {@code Transfer-Encoding} not:
 *     each codec frames in its own way
 */
public record ResponseHead(int status, Headers headers) {

  public boolean isInformational() {
    return status < 200;
  }
}
