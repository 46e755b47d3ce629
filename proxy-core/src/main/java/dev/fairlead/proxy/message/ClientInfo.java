package dev.fairlead.proxy.message;

import org.jspecify.annotations.Nullable;

/** What is known of the connection that a request came by. One for each connection. */
public final class ClientInfo {

  private final String address;
  private final boolean secure;
  private final @Nullable String serverName;
  private final boolean trusted;
  private final Visitor visitor;
  private final Headers forwarded;
  private final @Nullable ConnectionEnds ends;

  /** Of a client that is nobody's proxy. */
  public ClientInfo(String address, boolean secure, @Nullable String serverName) {
    this(address, secure, serverName, false);
  }

  /** Of a connection whose ends nobody asks for. */
  public ClientInfo(String address, boolean secure, @Nullable String serverName, boolean trusted) {
    this(address, secure, serverName, trusted, null);
  }

  /**
   * @param address of the peer, in digits
   * @param secure whether it came by TLS
   * @param serverName the host that the client named in TLS (RFC 6066 §3), lower case; null when
   *     none, as clients of an IP address do
   * @param trusted whether it is believed what it says of others
   * @param ends null where they are not known
   */
  public ClientInfo(
      String address,
      boolean secure,
      @Nullable String serverName,
      boolean trusted,
      @Nullable ConnectionEnds ends) {
    this.ends = ends;
    this.address = address;
    this.secure = secure;
    this.serverName = serverName;
    this.trusted = trusted;
    this.visitor = Visitor.direct(address, secure);
    this.forwarded =
        Headers.sized(96)
            .add("X-Forwarded-For", address)
            .add("X-Real-IP", address)
            .add("X-Forwarded-Proto", secure ? "https" : "http");
  }

  public String address() {
    return address;
  }

  public boolean secure() {
    return secure;
  }

  public @Nullable String serverName() {
    return serverName;
  }

  /** Whether the peer is a proxy that is believed what it says of its clients. */
  public boolean trusted() {
    return trusted;
  }

  /** Where the connection leads from and to, as far as that is known. */
  public @Nullable ConnectionEnds ends() {
    return ends;
  }

  /** The peer itself, who is the visitor unless it says otherwise and is trusted. */
  public Visitor visitor() {
    return visitor;
  }

  /**
   * The fields of the kind {@code X-Forwarded-…} that are the same for every request of the peer's
   * own. Nobody changes them.
   */
  public Headers forwarded() {
    return forwarded;
  }
}
