package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.AcmeLimits;
import java.net.URI;
import java.nio.file.Path;

/** The second authority: {@code acme.fallback.*}. */
public final class FallbackOptions {

  public static final Option<URI> DIRECTORY =
      Option.optional(
          "acme.fallback.directory",
          AcmeOptions.AUTHORITY,
          "none",
          "A second authority, which certificates are ordered at while the first one keeps failing;"
              + " renewals begin with the first one again.",
          "https://acme.example.net/directory");

  public static final Option<String> EMAIL =
      Option.optional(
          "acme.fallback.email",
          Types.EMAIL_ADDRESS,
          "",
          "Where the second one may write to.",
          "me@example.com");

  public static final Option<Path> CA_ROOT =
      Option.optional(
          "acme.fallback.ca-root",
          Types.FILE_PATH,
          "",
          "As `acme.ca-root`, of the second one.",
          "/run/secrets/ca.pem");

  public static final Option<String> EAB_KEY_ID =
      Option.optional(
          "acme.fallback.eab.key-id",
          Types.LABEL,
          "",
          "As `acme.eab.key-id`, of the second one.",
          "kid-1");

  public static final Option<String> EAB_HMAC_KEY =
      Option.optional(
              "acme.fallback.eab.hmac-key",
              Types.BASE64URL_SECRET,
              "",
              "That key.",
              "bm90IGEgc2VjcmV0IGF0IGFsbCwgZm9yIG5vYm9keSE")
          .hidden();

  public static final Option<String> PROFILE =
      Option.optional(
          "acme.fallback.profile",
          Types.TOKEN,
          "the authority's choice",
          "As `acme.profile`, of the second one.",
          "classic");

  public static final Option<String> PREFERRED_CHAIN =
      Option.optional(
          "acme.fallback.preferred-chain",
          Types.LABEL,
          "the authority's choice",
          "As `acme.preferred-chain`, of the second one.",
          "ISRG Root X1");

  public static final Option<AcmeLimits> LIMITS =
      Option.optional(
          "acme.fallback.limits",
          Types.ACME_LIMITS,
          "what is known of it",
          "As `acme.limits`, of the second one.",
          "orders=300/3h");

  static final Catalogue ALL =
      Catalogue.of(
          DIRECTORY, EMAIL, CA_ROOT, EAB_KEY_ID, EAB_HMAC_KEY, PROFILE, PREFERRED_CHAIN, LIMITS);

  private FallbackOptions() {}
}
