package dev.fairlead.conformance.fuzzing;

import dev.fairlead.config.load.LabelsFuzzer;
import dev.fairlead.config.load.SettingsFuzzer;
import dev.fairlead.config.load.YamlFuzzer;
import dev.fairlead.proxy.codec.hpack.HpackFuzzer;
import dev.fairlead.proxy.codec.http1.ChunkedBodyFuzzer;
import dev.fairlead.proxy.codec.http1.Http1ConnectionFuzzer;
import dev.fairlead.proxy.codec.http1.RequestHeadFuzzer;
import dev.fairlead.proxy.codec.http1.ResponseFuzzer;
import dev.fairlead.proxy.codec.http2.FrameReaderFuzzer;
import dev.fairlead.proxy.codec.http2.Http2ConnectionFuzzer;
import dev.fairlead.proxy.codec.http2.Http2RequestFuzzer;
import dev.fairlead.proxy.codec.http2.Http2ResponseFuzzer;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeaderFuzzer;
import dev.fairlead.proxy.http.CookiesFuzzer;
import dev.fairlead.proxy.http.ForwardedFuzzer;
import dev.fairlead.proxy.http.PathFuzzer;
import dev.fairlead.proxy.http.TargetFuzzer;
import dev.fairlead.proxy.http.TraceContextFuzzer;
import dev.fairlead.proxy.http.XForwardedFuzzer;
import dev.fairlead.proxy.tls.ClientHelloFuzzer;
import java.util.Locale;
import java.util.function.Consumer;

/** What is fuzzed. The name of a target is that of its seeds' folder. */
enum Target {
  REQUEST_HEAD(RequestHeadFuzzer.class, RequestHeadFuzzer::fuzzerTestOneInput),
  CHUNKED_BODY(ChunkedBodyFuzzer.class, ChunkedBodyFuzzer::fuzzerTestOneInput),
  HTTP1_CONNECTION(Http1ConnectionFuzzer.class, Http1ConnectionFuzzer::fuzzerTestOneInput),
  RESPONSE(ResponseFuzzer.class, ResponseFuzzer::fuzzerTestOneInput),
  HPACK(HpackFuzzer.class, HpackFuzzer::fuzzerTestOneInput),
  HTTP2_FRAMES(FrameReaderFuzzer.class, FrameReaderFuzzer::fuzzerTestOneInput),
  HTTP2_REQUEST(Http2RequestFuzzer.class, Http2RequestFuzzer::fuzzerTestOneInput),
  HTTP2_CONNECTION(Http2ConnectionFuzzer.class, Http2ConnectionFuzzer::fuzzerTestOneInput),
  HTTP2_RESPONSE(Http2ResponseFuzzer.class, Http2ResponseFuzzer::fuzzerTestOneInput),
  PROXY_HEADER(ProxyHeaderFuzzer.class, ProxyHeaderFuzzer::fuzzerTestOneInput),
  REQUEST_TARGET(TargetFuzzer.class, TargetFuzzer::fuzzerTestOneInput),
  PATH(PathFuzzer.class, PathFuzzer::fuzzerTestOneInput),
  X_FORWARDED(XForwardedFuzzer.class, XForwardedFuzzer::fuzzerTestOneInput),
  FORWARDED(ForwardedFuzzer.class, ForwardedFuzzer::fuzzerTestOneInput),
  TRACE_CONTEXT(TraceContextFuzzer.class, TraceContextFuzzer::fuzzerTestOneInput),
  COOKIES(CookiesFuzzer.class, CookiesFuzzer::fuzzerTestOneInput),
  CLIENT_HELLO(ClientHelloFuzzer.class, ClientHelloFuzzer::fuzzerTestOneInput),
  LABELS(LabelsFuzzer.class, LabelsFuzzer::fuzzerTestOneInput),
  YAML(YamlFuzzer.class, YamlFuzzer::fuzzerTestOneInput),
  SETTINGS(SettingsFuzzer.class, SettingsFuzzer::fuzzerTestOneInput);

  private final Class<?> fuzzer;

  @SuppressWarnings("ImmutableEnumChecker") // A method without a state.
  private final Consumer<byte[]> run;

  /**
   * @param fuzzer the class that the fuzzer is started with
   * @param run its method for one input, which throws when that is a finding
   */
  Target(Class<?> fuzzer, Consumer<byte[]> run) {
    this.fuzzer = fuzzer;
    this.run = run;
  }

  Class<?> fuzzer() {
    return fuzzer;
  }

  void run(byte[] input) {
    run.accept(input);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
