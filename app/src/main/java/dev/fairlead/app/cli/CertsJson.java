package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.acme.StoredCertificate;
import dev.fairlead.acme.store.StoredName.Routing;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The certificates on the storage for programs. What is not there is {@code null}. */
final class CertsJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CertsJson() {}

  /** An array with an object for each; times as in RFC 3339. */
  static String of(List<StoredCertificate> found, Instant now) {
    ArrayNode all = MAPPER.createArrayNode();
    for (StoredCertificate stored : found) {
      ObjectNode one = all.addObject();
      one.put("name", stored.name());
      one.put("ca", stored.authority());
      one.put("inUse", stored.inUse());
      one.put("served", stored.isServed());
      one.put("routing", word(stored.routing()));
      put(one, "issuer", stored.issuer());
      put(one, "notBefore", stored.notBefore());
      put(one, "notAfter", stored.notAfter());
      one.put("daysLeft", stored.daysLeft(now).orElse(null));
      put(one, "renewAt", stored.renewAt());
      put(one, "key", stored.keyType());
      put(one, "generation", stored.generation());
      one.put("step", stored.state().step().word());
      one.put("failures", stored.state().failures());
      put(one, "lastError", stored.lastError());
      put(one, "nextAttempt", stored.nextAttempt());
      put(one, "problem", stored.problem(now));
      ArrayNode remarks = one.putArray("remarks");
      stored.remarks().forEach(remarks::add);
    }
    return all.toPrettyString() + "\n";
  }

  private static String word(Routing routing) {
    return routing.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void put(ObjectNode object, String key, Optional<?> value) {
    object.put(key, value.map(String::valueOf).orElse(null));
  }
}
