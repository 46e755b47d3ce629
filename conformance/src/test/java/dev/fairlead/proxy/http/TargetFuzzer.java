package dev.fairlead.proxy.http;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lines: a request target, a {@code Host}, and with HTTP/2 an {@code :authority}. What passes the
 * rules has one host, one port and one path, says the same when it is forwarded, and is redirected
 * to itself.
 */
public final class TargetFuzzer {

  private static final ClientInfo CLIENT = new ClientInfo("192.0.2.1", false, null);

  private TargetFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", -1);
    String target = lines[0];
    String host = lines.length > 1 ? lines[1] : "a.test";
    String authority = lines.length > 2 ? lines[2] : null;
    for (String method : new String[] {"GET", "OPTIONS"}) {
      RequestHead head = check(method, target, host, authority, CLIENT);
      if (head != null) {
        accepted(head, target, host, authority);
      }
    }
  }

  private static @Nullable RequestHead check(
      String method, String target, String host, @Nullable String authority, ClientInfo client) {
    Headers headers = new Headers();
    try {
      headers.add("Host", host);
    } catch (IllegalArgumentException notForTheWire) {
      return null;
    }
    Version version = authority == null ? Version.HTTP_1_1 : Version.HTTP_2;
    try {
      return RequestRules.check(
          new RawRequest(version, method, target, authority, headers, false), client);
    } catch (RejectedRequest e) {
      return null;
    }
  }

  private static void accepted(
      RequestHead head, String target, String sentHost, @Nullable String sentAuthority) {
    host(head);
    same(head.authority(), normal(sentHost), "every place names one host");
    if (sentAuthority != null) {
      same(head.authority(), normal(sentAuthority), "HTTP/2 names one host");
    }
    path(head, target);
    forwarded(head);
    if (!head.path().equals("*")) {
      redirected(head);
    }
    named(head, target, sentHost, sentAuthority);
  }

  // Lower case, without the dot at the end of a complete name, and IPv6 in its one form.
  private static String normal(String sent) {
    String text = sent.toLowerCase(Locale.ROOT);
    int end = text.startsWith("[") ? text.indexOf(']') : -1;
    return HostPattern.parse(text.substring(0, end + 1))
        .map(address -> address.authority() + text.substring(end + 1))
        .orElseGet(() -> text.replaceFirst("(?<=.)\\.(?=(:[0-9]+)?\\z)", ""));
  }

  private static void host(RequestHead head) {
    String host = head.host();
    String port = head.authority().substring(host.length());
    holds(head.authority().startsWith(host), "the host is the begin of the authority");
    if (!port.isEmpty()) {
      holds(port.matches(":[1-9][0-9]{0,4}"), "behind a host is a port: " + port);
      holds(Integer.parseInt(port.substring(1)) <= 65_535, "a port is one of TCP: " + port);
    }
    if (host.startsWith("[")) {
      holds(host.endsWith("]") && isAddress(host.substring(1, host.length() - 1)), "an address");
    } else {
      holds(host.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)*"), "a host is a name: " + host);
    }
  }

  private static boolean isAddress(String text) {
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      return address instanceof Inet6Address || (address instanceof Inet4Address && isSix(text));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  // One that is mapped into IPv6.
  private static boolean isSix(String text) {
    return text.contains(":");
  }

  private static void path(RequestHead head, String target) {
    holds(head.path().startsWith("/") || head.path().equals("*"), "a path begins at its root");
    holds(head.path().indexOf('?') < 0 && head.path().indexOf('#') < 0, "a path is no more");
    holds(head.query().isEmpty() || head.query().startsWith("?"), "a query begins with its mark");
    holds(target.endsWith(head.query()), "a query is passed on as it is");
    holds(head.query().chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#'), "a query is text");
  }

  private static void forwarded(RequestHead head) {
    RequestHead again =
        check(head.method(), head.path() + head.query(), head.authority(), null, CLIENT);
    holds(again != null, "what is forwarded passes the rules, too");
    if (again != null) {
      same(again.host(), head.host(), "the host");
      same(again.path(), head.path(), "the path");
      same(again.query(), head.query(), "the query");
    }
  }

  // Nobody can make the proxy lead visitors elsewhere.
  private static void redirected(RequestHead head) {
    String location = LocalResponse.redirectToHttps(head, 8443).head().headers().get("Location");
    String begin = "https://" + head.host() + ":8443";
    holds(location != null && location.startsWith(begin + "/"), "a redirect leads to its host");
    same(location, begin + head.path() + head.query(), "where a redirect leads");
  }

  // The server name of TLS has to be the host.
  private static void named(
      RequestHead head, String target, String sentHost, @Nullable String authority) {
    ClientInfo same = new ClientInfo("192.0.2.1", true, head.host());
    ClientInfo other = new ClientInfo("192.0.2.1", true, head.host() + "x");
    holds(check(head.method(), target, sentHost, authority, same) != null, "the server's name");
    holds(check(head.method(), target, sentHost, authority, other) == null, "another's name");
  }
}
