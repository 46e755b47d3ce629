package dev.fairlead.config.load;

/**
 * One thing that is wrong with what a person wrote.
 *
 * @param path where: the dotted path of the key, as its writer spelled it ({@code
 *     fairlead.routes.api.port}, {@code FAIRLEAD_ACME_EMAIL})
 * @param value what stood there, shortened; {@code ***} where the key holds a secret
 * @param expected what could stand there, or the key that was probably meant
 */
public record Problem(String path, String value, String expected) {

  @Override
  public String toString() {
    return "%s: %s (expected: %s)".formatted(path, value, expected);
  }
}
