package dev.fairlead.acme.simulated;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.acme.simulated.SimulatedOrder.Status;
import java.time.Instant;

/**
 * The CA's resources as JSON (RFC 8555 §7.1).
 *
 * @param base what all addresses begin with
 */
record Resources(String base) {

  private static final ObjectMapper JSON = new ObjectMapper();

  ObjectNode directory() {
    return JSON.createObjectNode()
        .put("newNonce", base + "/nonce")
        .put("newAccount", base + "/account")
        .put("newOrder", base + "/new-order")
        .put("renewalInfo", base + "/renewal-info");
  }

  ObjectNode account() {
    return JSON.createObjectNode().put("status", "valid");
  }

  String location(SimulatedOrder order) {
    return base + "/order/" + order.number;
  }

  ObjectNode order(SimulatedOrder order, Instant now) {
    ObjectNode json = JSON.createObjectNode().put("status", order.status(now).word());
    json.putArray("identifiers").addObject().put("type", "dns").put("value", order.host);
    json.putArray("authorizations").add(base + "/authorization/" + order.number);
    json.put("finalize", base + "/finalize/" + order.number);
    if (order.isDone()) {
      json.put("certificate", base + "/certificate/" + order.number);
    }
    return json;
  }

  ObjectNode authorization(SimulatedOrder order, Instant now) {
    ObjectNode json = JSON.createObjectNode().put("status", validation(order, now));
    json.putObject("identifier").put("type", "dns").put("value", order.host);
    json.putArray("challenges").add(challenge(order, now));
    return json;
  }

  ObjectNode challenge(SimulatedOrder order, Instant now) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("type", "http-01")
            .put("url", base + "/challenge/" + order.number)
            .put("token", order.token())
            .put("status", validation(order, now));
    if (order.status(now) == Status.INVALID) {
      json.putObject("error")
          .put("type", "urn:ietf:params:acme:error:connection")
          .put("detail", "nobody answered");
    }
    return json;
  }

  private static String validation(SimulatedOrder order, Instant now) {
    return switch (order.status(now)) {
      case PENDING -> "pending";
      case READY, VALID -> "valid";
      case INVALID -> "invalid";
    };
  }
}
