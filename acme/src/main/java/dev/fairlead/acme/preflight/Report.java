package dev.fairlead.acme.preflight;

/**
 * What a look at a host told.
 *
 * @param verdict about an order
 * @param seen all that DNS said, as a text to compare: another one is worth another try
 */
public record Report(Verdict verdict, String seen) {}
