package dev.fairlead.app.cli;

import dev.fairlead.acme.StoredCertificate;
import dev.fairlead.acme.store.StoredName.Routing;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The certificates on the storage for people, a line each. */
final class CertsTable {

  private static final String NOTHING = "-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);
  private static final List<String> HEAD =
      List.of(
          "NAME",
          "CA",
          "ISSUER",
          "NOT AFTER",
          "DAYS",
          "KEY",
          "GENERATION",
          "NEXT ATTEMPT",
          "LAST ERROR");

  private CertsTable() {}

  /**
   * The whole table, with its head.
   *
   * @param archived whether it is of the archive
   */
  static String of(List<StoredCertificate> found, boolean archived, Instant now) {
    if (found.isEmpty()) {
      return archived ? "No certificates are archived\n" : "No certificates yet\n";
    }
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    found.forEach(each -> rows.add(row(each, now)));
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column))
            .repeat(' ', 2 + width(rows, column) - row.get(column).length());
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static List<String> row(StoredCertificate stored, Instant now) {
    return List.of(
        plain(stored.name()),
        plain(stored.authority()) + use(stored),
        text(stored.issuer().map(CertsTable::shortName)),
        text(stored.notAfter().map(TIME::format)),
        text(stored.daysLeft(now).map(String::valueOf)),
        text(stored.keyType()),
        text(stored.generation()),
        text(stored.nextAttempt().map(TIME::format)),
        text(stored.lastError().or(() -> stored.remarks().stream().findFirst())));
  }

  private static String use(StoredCertificate stored) {
    if (stored.routing() != Routing.ROUTED) {
      return stored.routing() == Routing.ARCHIVED ? " (archived)" : " (not routed)";
    }
    if (!stored.inUse()) {
      return " (not in use)";
    }
    return stored.leaf().isPresent() && !stored.isServed() ? " (not served)" : "";
  }

  /** What people call a CA's certificate: its organization and its common name. */
  private static String shortName(String issuer) {
    try {
      List<Rdn> parts = new LdapName(issuer).getRdns();
      String name =
          String.join(
              " ",
              parts.stream()
                  .filter(part -> List.of("O", "CN").contains(part.getType()))
                  .map(part -> String.valueOf(part.getValue()))
                  .toList());
      return name.isEmpty() ? issuer : name;
    } catch (InvalidNameException e) {
      return issuer;
    }
  }

  private static String text(Optional<String> value) {
    return value.map(CertsTable::plain).orElse(NOTHING);
  }

  /** Nothing of it ends the line or moves the cursor. */
  static String plain(String text) {
    return text.replaceAll("\\p{C}+", " ");
  }
}
