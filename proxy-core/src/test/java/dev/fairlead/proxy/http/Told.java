package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.routing.IpNetwork;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.Visitor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a proxy that trusts 10.0.0.0/8 and fd00::/8 makes of requests for {@code http://a.test/}.
 */
record Told(Identification identification) {

  static final ClientInfo FRONT = new ClientInfo("10.0.0.1", false, null, true);
  static final ClientInfo STRANGER = new ClientInfo("192.0.2.7", false, null);

  /** One that makes no traces. */
  static Told of(TrustSettings.Header believed, ForwardedSettings.Header told) {
    return of(believed, told, ForwardedSettings.NewTrace.OFF);
  }

  static Told of(
      TrustSettings.Header believed,
      ForwardedSettings.Header told,
      ForwardedSettings.NewTrace newTrace) {
    List<IpNetwork> networks =
        Stream.of("10.0.0.0/8", "fd00::/8").map(n -> IpNetwork.parse(n).orElseThrow()).toList();
    return new Told(
        new Identification(
            new TrustSettings(networks, false, believed), new ForwardedSettings(told, newTrace)));
  }

  /** Who asks when this comes. */
  Visitor visitor(ClientInfo client, String... fields) {
    return identity(client, fields).visitor();
  }

  Identity identity(ClientInfo client, String... fields) {
    return identification.of(headers(fields), client);
  }

  /** The fields that an app gets. */
  Headers toApp(ClientInfo client, String... fields) {
    Headers headers = headers(fields);
    RequestHead head =
        new RequestHead(Version.HTTP_1_1, "GET", "a.test", "a.test", "/", "", headers, 0, null);
    return FieldRules.toUpstream(head, identification.of(headers, client), "/").headers();
  }

  /** The same but for the name of the request, which is another each time. */
  List<String> linesToApp(ClientInfo client, String... fields) {
    return lines(toApp(client, fields)).stream()
        .filter(line -> !line.startsWith("X-Request-Id: "))
        .toList();
  }

  /** The chain as one text. */
  static String chain(Visitor visitor) {
    return String.join(", ", visitor.chain());
  }

  static Headers headers(String... fields) {
    Headers headers = new Headers();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return headers;
  }

  static List<String> lines(Headers headers) {
    return IntStream.range(0, headers.size())
        .mapToObj(i -> headers.name(i) + ": " + headers.value(i))
        .toList();
  }
}
