package dev.fairlead.acme.issue;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * An answer of a CA of which no more is read than any answer of RFC 8555 needs: acme4j keeps all of
 * it in memory, which visitors need.
 *
 * @param body fails where it would be longer
 */
record BoundedAnswer(HttpResponse<InputStream> answer, InputStream body)
    implements HttpResponse<InputStream> {

  /** A chain has some ten thousand bytes; a list of thousands of orders is the longest. */
  private static final int LONGEST_BYTES = 1024 * 1024;

  /**
   * The same answer, bounded.
   *
   * @throws IOException when it is packed, which was not asked for: packed, little is much
   */
  static BoundedAnswer of(HttpResponse<InputStream> answer) throws IOException {
    if (answer
        .headers()
        .firstValue("Content-Encoding")
        .filter(encoding -> !encoding.equalsIgnoreCase("identity"))
        .isPresent()) {
      answer.body().close();
      throw new IOException("its answer is encoded in a way that was not asked for");
    }
    return new BoundedAnswer(answer, new Bounded(answer.body()));
  }

  @Override
  public int statusCode() {
    return answer.statusCode();
  }

  @Override
  public HttpRequest request() {
    return answer.request();
  }

  @Override
  public Optional<HttpResponse<InputStream>> previousResponse() {
    return answer.previousResponse();
  }

  @Override
  public HttpHeaders headers() {
    return answer.headers();
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return answer.sslSession();
  }

  @Override
  public URI uri() {
    return answer.uri();
  }

  @Override
  public HttpClient.Version version() {
    return answer.version();
  }

  private static final class Bounded extends FilterInputStream {

    private long left = LONGEST_BYTES;

    Bounded(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      count(Math.max(0, read));
      return read;
    }

    @Override
    public boolean markSupported() {
      return false; // what is read twice would be counted twice
    }

    private void count(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        close();
        throw new IOException("its answer is longer than 1 MiB");
      }
    }
  }
}
