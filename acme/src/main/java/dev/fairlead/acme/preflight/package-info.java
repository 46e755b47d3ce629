/**
 * Looks whether an order for a host can succeed before it is spent: its addresses, whether they
 * lead here, and whether its CAA records allow the CA. It says no only where it knows: a resolver
 * inside a house and a router that does not lead back see less than the CA does.
 */
@NullMarked
package dev.fairlead.acme.preflight;

import org.jspecify.annotations.NullMarked;
