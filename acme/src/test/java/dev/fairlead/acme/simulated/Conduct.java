package dev.fairlead.acme.simulated;

import java.util.Random;

/**
 * How a CA behaves.
 *
 * @param accidents of so many requests one is answered with an error, or its answer is lost; 0 for
 *     none
 * @param failures of so many validations one fails; 0 for none
 */
public record Conduct(Customers customers, Random random, int accidents, int failures) {}
