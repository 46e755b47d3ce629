package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Budget;
import dev.fairlead.acme.budget.BudgetException;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the order that the journal knows, or makes one (RFC 8555 §7.4). Nobody makes a second
 * one for what has an order at the CA.
 */
final class Orders {

  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  /** Of an account's list of orders (RFC 8555 §7.1.2.1) so many are looked through. */
  private static final int MOST_LISTED = 1_000;

  private final Login login;
  private final AuthoritySettings settings;
  private OrderRequest request;
  private final Journal journal;
  private final Budget budget;
  private final Forecast forecast;

  Orders(
      Login login,
      OrderRequest request,
      AuthoritySettings settings,
      Journal journal,
      Budget budget,
      Forecast forecast) {
    this.login = login;
    this.settings = settings;
    this.request = request;
    this.journal = journal;
    this.budget = budget;
    this.forecast = forecast;
  }

  /** What was ordered, in the end. */
  OrderRequest request() {
    return request;
  }

  /** The order to go on with, as the CA has it now. */
  Order begin()
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    Step step = journal.step();
    if (step.order().isPresent()) {
      return resume(step.order().get());
    }
    return step instanceof Step.Checked ? find() : place();
  }

  private Order resume(URI location) throws AcmeException, IssueException {
    try {
      Order order = login.bindOrder(location.toURL());
      if (!isThere(order)) {
        throw IssueException.orderIsOver("the CA does not know the order that was under way");
      }
      LOG.info(
          "certificate of {}: goes on with an order that is {}",
          request.host(),
          order.getStatus().name().toLowerCase(Locale.ROOT));
      return order;
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw IssueException.orderIsOver("the URL of the order that was under way is none");
    }
  }

  /**
   * Whoever made an order ended before its URL was kept: the list of the account's orders says
   * whether the CA has it. Let's Encrypt has no such list, but gives the same order again to who
   * orders the same names.
   */
  private Order find()
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    Account account = login.getAccount();
    account.fetch();
    Iterator<Order> listed;
    try {
      listed = account.getOrders();
    } catch (AcmeNotSupportedException e) {
      throw IssueException.orderIsOver("an order began, and the CA's answer to it was lost");
    }
    Set<Identifier> wanted = Set.copyOf(Identifiers.of(request.names()));
    for (int i = 0; i < MOST_LISTED && listed.hasNext(); i++) {
      Order order = listed.next();
      if (isThere(order)
          && isOpen(order.getStatus())
          && Set.copyOf(order.getIdentifiers()).equals(wanted)) {
        return keep(order);
      }
    }
    return place();
  }

  private static boolean isThere(Order order) throws AcmeException {
    try {
      order.fetch();
      return true;
    } catch (AcmeException e) {
      if (Plain.isUnknown(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isOpen(Status status) {
    return status == Status.PENDING || status == Status.READY;
  }

  private Order place()
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    forecast.check(login, journal);
    budget.beforeOrder(request.host(), request.names(), request.occasion());
    journal.removeKey();
    journal.step(new Step.Checked());
    Order order;
    try {
      order = create();
    } catch (AcmeServerException | CaStatusException | BudgetException | IssueException refused) {
      journal.step(request.start()); // there is no order
      throw refused;
    }
    return keep(order);
  }

  /** A certificate that cannot be replaced any more is no reason to have no other. */
  private Order create()
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    try {
      return NewOrder.create(login, request, settings);
    } catch (AcmeServerException e) {
      if (request.replaces().isEmpty() || !NewOrder.isReplacementRefused(e)) {
        throw e;
      }
      LOG.info(
          "certificate of {}: {}; ordered as a new one",
          request.host(),
          Plain.clean(String.valueOf(e.getMessage())));
      request = request.withoutReplaced();
      budget.beforeOrder(request.host(), request.names(), request.occasion());
      return NewOrder.create(login, request, settings);
    }
  }

  private Order keep(Order order) throws IssueException, StorageException, InterruptedException {
    try {
      journal.step(new Step.Ordered(order.getLocation().toURI()));
      return order;
    } catch (URISyntaxException e) {
      throw IssueException.orderIsOver("the CA gave an order without a proper URL");
    }
  }
}
