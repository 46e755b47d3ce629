package dev.fairlead.conformance.interop;

/** The versions of HTTP that curl speaks by TCP. */
enum HttpVersion {
  HTTP_1_0("--http1.0", "1.1"),
  HTTP_1_1("--http1.1", "1.1"),
  HTTP_2("--http2", "2");

  private final String option;
  private final String spoken;

  HttpVersion(String option, String spoken) {
    this.option = option;
    this.spoken = spoken;
  }

  /** What curl is told. */
  String option() {
    return option;
  }

  /** What curl tells: the version of the response. */
  String spoken() {
    return spoken;
  }
}
