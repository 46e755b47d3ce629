package dev.fairlead.acme.store;

import java.net.URI;
import java.util.Optional;

/**
 * How far a name has come on its way to a certificate, over and over: wanted, checked, ordered,
 * validating, issued, renewing, checked … Each is on the share before the step that cannot be taken
 * back: whoever gets the name's lock next goes on from there.
 */
public sealed interface Step {

  /** There is no certificate, and nothing is under way. */
  record Wanted() implements Step {}

  /** There is a certificate, another one is to follow, and nothing is under way. */
  record Renewing() implements Step {}

  /** Nothing speaks against an order: the CA is about to be sent one, or has been. */
  record Checked() implements Step {}

  /**
   * The CA has taken the order.
   *
   * @param location its URL
   */
  record Ordered(URI location) implements Step {}

  /**
   * The CA is about to be asked to look, or has been; whatever follows is known by the order.
   *
   * @param location the order's URL
   */
  record Validating(URI location) implements Step {}

  /** The certificate is on the share. */
  record Issued() implements Step {}

  /** The URL of the order that is under way; empty when none is, or it is not known. */
  default Optional<URI> order() {
    return switch (this) {
      case Ordered(URI location) -> Optional.of(location);
      case Validating(URI location) -> Optional.of(location);
      case Wanted _, Renewing _, Checked _, Issued _ -> Optional.empty();
    };
  }

  /** Whether there is an order at the CA, or may be one: it is gone on with, not made anew. */
  default boolean isUnderWay() {
    return this instanceof Checked || order().isPresent();
  }

  /** For people, and for the file. */
  default String word() {
    return switch (this) {
      case Wanted _ -> "wanted";
      case Renewing _ -> "renewing";
      case Checked _ -> "checked";
      case Ordered _ -> "ordered";
      case Validating _ -> "validating";
      case Issued _ -> "issued";
    };
  }

  /**
   * Reads what {@link #word} and {@link #order} wrote.
   *
   * @return empty when it is none
   */
  static Optional<Step> of(String word, Optional<URI> order) {
    return switch (word) {
      case "wanted" -> Optional.of(new Wanted());
      case "renewing" -> Optional.of(new Renewing());
      case "checked" -> Optional.of(new Checked());
      case "ordered" -> order.map(Ordered::new);
      case "validating" -> order.map(Validating::new);
      case "issued" -> Optional.of(new Issued());
      default -> Optional.empty();
    };
  }
}
