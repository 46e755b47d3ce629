package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.BudgetException;
import dev.fairlead.acme.issue.Validation.Before;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a CA that all names of an order are ours, one after the other, each by its own challenge.
 */
final class Validations {

  private static final Logger LOG = LoggerFactory.getLogger(Validations.class);

  private final OrderRequest request;
  private final Function<HostPattern, Validation> ofName;

  /**
   * @param ofName makes what shows one name
   */
  Validations(OrderRequest request, Function<HostPattern, Validation> ofName) {
    this.request = request;
    this.ofName = ofName;
  }

  /** Has all authorizations of an order that is pending. */
  void run(Order order, Journal journal)
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    URI location = URI.create(order.getLocation().toString());
    Before before = journal.step() instanceof Step.Validating ? Before.LATELY : Before.NOBODY;
    List<Part> parts = new ArrayList<>();
    for (Authorization authorization : order.getAuthorizations()) {
      authorization.fetch();
      HostPattern name = name(authorization);
      parts.add(new Part(name, authorization, ofName.apply(name)));
    }
    try {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (i > 0) {
          part.authorization().fetch(); // that took a while
        }
        boolean waits = part.isPending() && before == Before.LATELY;
        try {
          if (part.isPending() && before == Before.NOBODY) {
            prepareTwin(part, parts.subList(i + 1, parts.size()));
          }
          part.validation().run(part.authorization(), location, journal, before);
        } catch (IssueException e) {
          throw request.about(part.name(), e);
        }
        if (waits) {
          before = Before.LONG_AGO; // whoever waited for one name waited for all
        }
      }
    } finally {
      for (Part part : parts) {
        part.validation().giveUp();
      }
    }
  }

  /** A name and its wildcard have their records at the same place. */
  private static void prepareTwin(Part part, List<Part> later)
      throws IssueException, StorageException, InterruptedException {
    for (Part other : later) {
      if (!other.name().equals(part.name()) && other.name().suffix().equals(part.name().suffix())) {
        other.validation().prepare(other.authorization());
      }
    }
  }

  /** Takes down what an earlier process has left up for an order that needs no answer any more. */
  void discard(Order order) throws InterruptedException {
    try {
      for (Authorization authorization : order.getAuthorizations()) {
        authorization.fetch();
        ofName.apply(name(authorization)).discard(authorization);
      }
    } catch (AcmeException | IssueException e) {
      LOG.debug("An answered challenge of {} stays on the storage", request.host(), e); // harmless
    }
  }

  /** Why an order is over, by what the CA says of its authorizations. */
  Optional<IssueException> reason(Order order) {
    try {
      for (Authorization authorization : order.getAuthorizations()) {
        authorization.fetch();
        if (authorization.getStatus() == Status.INVALID) {
          HostPattern name = name(authorization);
          String said = ofName.apply(name).reason(authorization);
          return Optional.of(request.about(name, IssueException.orderIsOver(said).ofName()));
        }
      }
    } catch (AcmeException | IssueException e) {
      LOG.debug("Why an order of {} is over is not known any more", request.host(), e); // it is
    }
    return Optional.empty();
  }

  /** Which of the names an authorization is for; a name alone has no other. */
  private HostPattern name(Authorization authorization) throws IssueException {
    if (request.names().size() == 1) {
      return request.names().getFirst();
    }
    return Identifiers.host(authorization.getIdentifier(), authorization.isWildcard())
        .filter(request.names()::contains)
        .orElseThrow(
            () ->
                IssueException.orderIsOver(
                    "the CA wants to look at %s, which was not ordered"
                        .formatted(Plain.clean(authorization.getIdentifier().getValue()))));
  }

  /** What is to be shown of one name. */
  private record Part(HostPattern name, Authorization authorization, Validation validation) {

    boolean isPending() {
      return authorization.getStatus() == Status.PENDING;
    }
  }
}
