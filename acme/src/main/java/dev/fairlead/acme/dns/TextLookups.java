package dev.fairlead.acme.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fairlead.acme.dns.ZoneView.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Reads TXT records where a CA does, at the servers of their zone: a resolver may remember for
 * hours that there were none. Where none of those servers can be asked the resolver has to do.
 */
final class TextLookups {

  private final Lookups lookups;

  TextLookups(Lookups lookups) {
    this.lookups = lookups;
  }

  /**
   * What each server that answers has; one at least.
   *
   * @throws DnsException when nobody tells
   */
  List<TextView> look(String name) throws DnsException, InterruptedException {
    List<TextView> seen = atServers(name);
    return seen.isEmpty()
        ? List.of(
            new TextView(Optional.empty(), texts(lookups.resolve(Lookups.name(name), Type.TXT))))
        : seen;
  }

  private List<TextView> atServers(String name) throws InterruptedException {
    Place place;
    try {
      place = lookups.place(name);
    } catch (DnsException e) {
      return List.of(); // the resolver says more about it
    }
    List<TextView> seen = new ArrayList<>();
    try (ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<TextView>>> answers =
          place.servers().stream()
              .map(server -> looks.submit(() -> at(server, place.name())))
              .toList();
      try {
        for (Future<Optional<TextView>> answer : answers) {
          answer.get().ifPresent(seen::add);
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("a look at " + place.zone(), e.getCause());
      } finally {
        looks.shutdownNow();
      }
    }
    return seen;
  }

  /** Empty for a server that does not answer, is none of the zone's, or leads out of it. */
  private Optional<TextView> at(NameServer server, Name name) throws InterruptedException {
    try {
      Message answer = lookups.ask(server.address(), name, Type.TXT, false);
      List<Record> records = answer.getSection(Section.ANSWER);
      boolean leadsAway = !records.isEmpty() && texts(answer).isEmpty();
      return Lookups.knows(answer) && answer.getHeader().getFlag(Flags.AA) && !leadsAway
          ? Optional.of(new TextView(Optional.of(server.toString()), texts(answer)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> texts(Message answer) {
    return answer.getSection(Section.ANSWER).stream()
        .filter(TXTRecord.class::isInstance)
        .map(record -> text((TXTRecord) record))
        .toList();
  }

  private static String text(TXTRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    record.getStringsAsByteArrays().forEach(bytes::writeBytes);
    return bytes.toString(ISO_8859_1);
  }
}
