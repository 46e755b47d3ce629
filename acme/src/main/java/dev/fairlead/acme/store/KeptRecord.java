package dev.fairlead.acme.store;

/**
 * A TXT record that is in DNS, or was about to be: kept, so that whoever comes after a crash can
 * take it away.
 *
 * @param file where it is kept
 * @param provider the word for who set it
 * @param name of the record
 * @param value of the record
 */
public record KeptRecord(String file, String provider, String name, String value) {}
