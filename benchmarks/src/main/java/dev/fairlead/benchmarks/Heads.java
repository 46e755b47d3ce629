package dev.fairlead.benchmarks;

import dev.fairlead.proxy.message.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of heads as they are sent all day, in the form that a codec hands on. */
final class Heads {

  static final String HOST = "shop.example.com";

  /** As a codec leaves behind a head for the fields that the proxy adds. */
  private static final int SPARE_BYTES = 384;

  private static final int NUMBERS = 4;

  private final byte[] block;
  private final int[] places;
  private final int fields;

  private Heads(byte[] block, int[] places, int fields) {
    this.block = block;
    this.places = places;
    this.fields = fields;
  }

  /** Keeps these fields, to be read again and again. */
  static Heads of(Headers headers) {
    int[] places = new int[headers.size() * NUMBERS];
    for (int i = 0; i < headers.size(); i++) {
      places[i * NUMBERS] = headers.nameAt(i);
      places[i * NUMBERS + 1] = headers.nameLength(i);
      places[i * NUMBERS + 2] = headers.valueAt(i);
      places[i * NUMBERS + 3] = headers.valueLength(i);
    }
    return new Heads(Arrays.copyOf(headers.block(), end(headers)), places, headers.size());
  }

  /** The fields as if they were read just now: nobody has changed them. */
  Headers read() {
    byte[] own = Arrays.copyOf(block, block.length + SPARE_BYTES);
    return Headers.over(own, block.length, places.clone(), fields);
  }

  /** Where the line of the last field ends in the block; nothing may have been removed. */
  static int end(Headers headers) {
    int last = headers.size() - 1;
    return headers.valueAt(last) + headers.valueLength(last) + 2;
  }

  /** Lines as they stand in a message. */
  static byte[] lines(String... lines) {
    return bytes(String.join("\r\n", lines) + "\r\n");
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What a browser sends with a request for a page. */
  static Headers ofBrowser() {
    return new Headers()
        .add("Host", HOST)
        .add("Connection", "keep-alive")
        .add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        .add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .add("Accept-Language", "en-US,en;q=0.5")
        .add("Accept-Encoding", "gzip, deflate, br, zstd")
        .add("Referer", "https://shop.example.com/orders")
        .add("Cookie", "session=0123456789abcdef0123456789abcdef; theme=dark")
        .add("Upgrade-Insecure-Requests", "1")
        .add("Sec-Fetch-Dest", "document")
        .add("Sec-Fetch-Mode", "navigate")
        .add("Sec-Fetch-Site", "same-origin")
        .add("Priority", "u=0, i");
  }

  /** What a client sends that wants to be believed more than it should be. */
  static Headers ofPretender() {
    return new Headers()
        .add("Host", HOST)
        .add("Connection", "keep-alive, X-Trace")
        .add("Keep-Alive", "timeout=5")
        .add("X-Trace", "1")
        .add("TE", "trailers")
        .add("User-Agent", "curl/8.14.1")
        .add("Accept", "*/*")
        .add("X-Forwarded-For", "127.0.0.1, 10.0.0.1")
        .add("X_Forwarded_Proto", "https")
        .add("Forwarded", "for=127.0.0.1")
        .add("Authorization", "Bearer 0123456789abcdef0123456789abcdef");
  }

  /** What an app answers with a page. */
  static Headers ofApp() {
    return new Headers()
        .add("Date", "Mon, 23 Nov 2026 21:17:24 GMT")
        .add("Content-Type", "text/html; charset=utf-8")
        .add("Content-Length", "18423")
        .add("Connection", "keep-alive")
        .add("Keep-Alive", "timeout=5")
        .add("Cache-Control", "private, max-age=0, must-revalidate")
        .add("ETag", "W/\"47f7-Gm0Zq3lXvNcl8M3xQf5b8w2KQ0I\"")
        .add("Vary", "Accept-Encoding")
        .add("Set-Cookie", "session=0123456789abcdef0123456789abcdef; Path=/; HttpOnly; Secure")
        .add("Strict-Transport-Security", "max-age=31536000")
        .add("X-Content-Type-Options", "nosniff");
  }
}
