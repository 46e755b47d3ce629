package dev.fairlead.benchmarks;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.http.Identification;
import dev.fairlead.proxy.http.Identity;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the fields of a head take on their way through: those about one connection are removed,
 * the forwarded ones are set, request and trace get their names, and what is left is written. Each
 * time with fields as they were just read, of which {@link #read} is the price.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class FieldRulesBenchmark {

  private static final byte[] OF_BROWSER =
      Heads.lines(
          "Host: shop.example.com",
          "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
          "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
          "Accept-Language: en-US,en;q=0.5",
          "Accept-Encoding: gzip, deflate, br, zstd",
          "Referer: https://shop.example.com/orders",
          "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark",
          "Upgrade-Insecure-Requests: 1",
          "Sec-Fetch-Dest: document",
          "Sec-Fetch-Mode: navigate",
          "Sec-Fetch-Site: same-origin",
          "Priority: u=0, i",
          "X-Forwarded-For: 192.0.2.7",
          "X-Real-IP: 192.0.2.7",
          "X-Forwarded-Proto: https",
          "X-Forwarded-Host: shop.example.com",
          "X-Forwarded-Port: 443");

  private static final byte[] OF_PRETENDER =
      Heads.lines(
          "Host: shop.example.com",
          "User-Agent: curl/8.14.1",
          "Accept: */*",
          "Authorization: Bearer 0123456789abcdef0123456789abcdef",
          "X-Forwarded-For: 192.0.2.7",
          "X-Real-IP: 192.0.2.7",
          "X-Forwarded-Proto: https",
          "X-Forwarded-Host: shop.example.com",
          "X-Forwarded-Port: 443");

  private static final byte[] NOTHING = {};
  private static final byte[] TRAILERS = Heads.lines("Connection: TE", "TE: trailers");

  private static final byte[] OF_APP =
      Heads.lines(
          "Date: Mon, 23 Nov 2026 21:17:24 GMT",
          "Content-Type: text/html; charset=utf-8",
          "Content-Length: 18423",
          "Cache-Control: private, max-age=0, must-revalidate",
          "ETag: W/\"47f7-Gm0Zq3lXvNcl8M3xQf5b8w2KQ0I\"",
          "Vary: Accept-Encoding",
          "Set-Cookie: session=0123456789abcdef0123456789abcdef; Path=/; HttpOnly; Secure",
          "Strict-Transport-Security: max-age=31536000",
          "X-Content-Type-Options: nosniff");

  /** The names are others each time, of this length. */
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static final int NAMES_BYTES =
      Heads.lines("X-Request-Id: " + ID, "traceparent: 00-" + ID + "-a3ce929d0e0e4736-01").length;
  private static final int ID_BYTES = Heads.lines("X-Request-Id: " + ID).length;

  private final Heads browser = Heads.of(Heads.ofBrowser());
  private final Heads pretender = Heads.of(Heads.ofPretender());
  private final Heads app = Heads.of(Heads.ofApp());
  private final ClientInfo client = new ClientInfo("192.0.2.7", true, Heads.HOST);
  private final Identification identification =
      new Identification(
          TrustSettings.NOBODY,
          new ForwardedSettings(
              ForwardedSettings.Header.X_FORWARDED, ForwardedSettings.NewTrace.SAMPLED));
  private final Identity identity = identification.of(new Headers(), client);
  private final ByteBuf out = Unpooled.buffer(4096);

  @Benchmark
  public Headers read() {
    Headers headers = browser.read();
    Expect.equal(headers.size(), 13);
    return headers;
  }

  @Benchmark
  public ByteBuf requestOfBrowser() {
    return request(browser, OF_BROWSER, NOTHING);
  }

  @Benchmark
  public ByteBuf requestOfPretender() {
    return request(pretender, OF_PRETENDER, TRAILERS);
  }

  @Benchmark
  public ByteBuf response() {
    Headers headers = app.read();
    FieldRules.toClient(headers);
    identity.toClient(headers);
    written(headers);
    Expect.bytes(out.array(), OF_APP.length, OF_APP);
    Expect.equal(out.readableBytes(), OF_APP.length + ID_BYTES);
    return out;
  }

  private ByteBuf request(Heads read, byte[] before, byte[] after) {
    RequestHead head =
        new RequestHead(
            RawRequest.Version.HTTP_1_1,
            "GET",
            Heads.HOST,
            Heads.HOST,
            "/orders",
            "?page=2",
            read.read(),
            0,
            null);
    Identity of = identification.of(head.headers(), client);
    written(FieldRules.toUpstream(head, of, head.path()).headers());
    Expect.bytes(out.array(), before.length, before);
    Expect.equal(out.readableBytes(), before.length + NAMES_BYTES + after.length);
    return out;
  }

  private void written(Headers headers) {
    out.clear();
    headers.writeTo(out);
  }
}
