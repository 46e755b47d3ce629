package dev.fairlead.acme.persist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples of draft-ietf-acme-dns-persist-02, §10.2. */
class HashedAccountTest {

  private static final String PREFIX = "https://ca.example/account-hash/";
  private static final String THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
  private static final String ACCOUNT = "https://ca.example/acct/123";

  @Test
  void isOfOneHost() {
    assertThat(HashedAccount.of(PREFIX, "example.com", THUMBPRINT, ACCOUNT))
        .isEqualTo(PREFIX + "sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw");
  }

  @Test
  void isOfAllHosts() {
    assertThat(HashedAccount.of(PREFIX, HashedAccount.ANY_HOST, THUMBPRINT, ACCOUNT))
        .isEqualTo(PREFIX + "sha-256/NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug");
  }
}
