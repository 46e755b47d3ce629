package dev.fairlead.acme.bind;

import static org.awaitility.Awaitility.await;

import dev.fairlead.config.bootstrap.DnsSettings;
import dev.fairlead.config.bootstrap.DnsSettings.KeyAlgorithm;
import dev.fairlead.config.bootstrap.ServerAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * BIND at 127.0.0.1, primary of two zones: {@value #ZONE}, whose TXT records the keys {@link
 * #KEY_256} and {@link #KEY_512} may change, and {@value #OTHER_ZONE}, with names that lead to the
 * first one. {@value #STRANGER} is a key that may change nothing.
 */
public final class Bind implements AutoCloseable {

  /** Takes updates; all names below {@code wild} lead to {@code www} by a wildcard. */
  public static final String ZONE = "fairlead-tests.com";

  /**
   * Takes none; {@code _acme-challenge.shop} leads to {@code shop.acme} in the other zone, {@code
   * _acme-challenge.round} nowhere. One of its servers has no address.
   */
  public static final String OTHER_ZONE = "fairlead-tests.net";

  /** By HMAC-SHA256. */
  public static final String KEY_256 = "fairlead";

  /** By HMAC-SHA512. */
  public static final String KEY_512 = "fairlead-512.keys.example";

  /** Known, and without rights. */
  public static final String STRANGER = "stranger";

  /** Of all three. */
  public static final String SECRET = "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlLi4=";

  private final Path directory;
  private final Process process;
  private final int port;

  private Bind(Path directory, Process process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /** The program; empty where it is not installed. */
  public static Optional<Path> program() {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
            Stream.of("/usr/sbin"))
        .map(place -> Path.of(place, "named"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts it and waits until it answers. */
  public static Bind start(Path directory) throws IOException {
    int port = freePort();
    Files.writeString(directory.resolve("named.conf"), configuration(directory, port));
    Files.writeString(directory.resolve("zone.db"), zone("*.wild CNAME www"));
    Files.writeString(
        directory.resolve("other.db"),
        zone(
            """
            @ NS ns.elsewhere.example.
            _acme-challenge.shop CNAME shop.acme.%s.
            _acme-challenge.round CNAME round
            round CNAME _acme-challenge.round\
            """
                .formatted(ZONE)));
    // Debian's AppArmor profile is for /usr/sbin/named, and keeps it out of other directories.
    Path copy = directory.resolve("named");
    Files.copy(program().orElseThrow(), copy, StandardCopyOption.COPY_ATTRIBUTES);
    Process process =
        new ProcessBuilder(
                copy.toString(), "-g", "-n", "1", "-c", directory.resolve("named.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("named.log").toFile())
            .start();
    Bind bind = new Bind(directory, process, port);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !process.isAlive() || bind.ask(ZONE, Type.SOA).isPresent());
    if (!process.isAlive()) {
      throw new AssertionError("named ended: " + bind.log());
    }
    return bind;
  }

  public int port() {
    return port;
  }

  public ServerAddress address() {
    return new ServerAddress("127.0.0.1", port);
  }

  /** Settings with the key that may do what is needed. */
  public DnsSettings.Rfc2136 settings() {
    return new DnsSettings.Rfc2136(
        address(), Optional.empty(), KEY_256, KeyAlgorithm.HMAC_SHA256, SECRET);
  }

  /** Adds a TXT record. */
  public void put(String name, String value) throws IOException {
    Update update = new Update(Name.fromString(ZONE, Name.root));
    update.add(new TXTRecord(Name.fromString(name, Name.root), DClass.IN, 60, value));
    send(update);
  }

  /**
   * Puts records of a type in the place of those that a name has.
   *
   * @param values as a zone file has them; none takes them away
   */
  public void replace(String name, int type, String... values) throws IOException {
    Update update = new Update(Name.fromString(ZONE, Name.root));
    update.delete(Name.fromString(name, Name.root), type);
    for (String value : values) {
      update.add(Name.fromString(name, Name.root), type, 60, value);
    }
    send(update);
  }

  private void send(Update update) throws IOException {
    SimpleResolver resolver = resolver();
    resolver.setTCP(true);
    resolver.setTSIGKey(
        new TSIG(
            TSIG.HMAC_SHA256,
            Name.fromString(KEY_256, Name.root),
            Base64.getDecoder().decode(SECRET)));
    if (resolver.send(update).getRcode() != Rcode.NOERROR) {
      throw new IOException("the update was refused: " + log());
    }
  }

  /** The values of the TXT records of a name, sorted. */
  public List<String> txt(String name) {
    return ask(name, Type.TXT).orElseThrow().getSection(Section.ANSWER).stream()
        .filter(TXTRecord.class::isInstance)
        .map(record -> String.join("", ((TXTRecord) record).getStrings()))
        .sorted()
        .toList();
  }

  /** What it has said. */
  public String log() {
    try {
      return Files.readString(directory.resolve("named.log"));
    } catch (IOException e) {
      throw new AssertionError("named.log", e);
    }
  }

  private Optional<Message> ask(String name, int type) {
    try {
      return Optional.of(
          resolver()
              .send(
                  Message.newQuery(
                      Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private SimpleResolver resolver() {
    SimpleResolver resolver =
        new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    resolver.setTimeout(Duration.ofSeconds(2));
    return resolver;
  }

  private static String configuration(Path directory, int port) {
    return """
    options {
      directory "%1$s";
      pid-file "%1$s/named.pid";
      lock-file none;
      session-keyfile "%1$s/session.key";
      managed-keys-directory "%1$s";
      listen-on port %2$d { 127.0.0.1; };
      listen-on-v6 { none; };
      recursion no;
      allow-transfer { none; };
      dnssec-validation no;
      notify no;
    };
    controls { };
    key "%3$s" { algorithm hmac-sha256; secret "%6$s"; };
    key "%4$s" { algorithm hmac-sha512; secret "%6$s"; };
    key "%5$s" { algorithm hmac-sha256; secret "%6$s"; };
    zone "%7$s" {
      type primary;
      file "zone.db";
      update-policy { grant %3$s zonesub ANY; grant %4$s zonesub TXT; };
    };
    zone "%8$s" { type primary; file "other.db"; };
    zone "com" { type primary; file "other.db"; };
    """
        .formatted(directory, port, KEY_256, KEY_512, STRANGER, SECRET, ZONE, OTHER_ZONE);
  }

  private static String zone(String more) {
    return """
    $TTL 60
    @ SOA ns1 hostmaster 1 3600 600 86400 60
    @ NS ns1
    ns1 A 127.0.0.1
    %s
    """
        .formatted(more);
  }

  /** Free for TCP and UDP. */
  private static int freePort() {
    for (int tries = 0; tries < 20; tries++) {
      try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          DatagramSocket udp =
              new DatagramSocket(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()))) {
        return udp.getLocalPort();
      } catch (IOException e) {
        // taken by UDP: another one
      }
    }
    throw new AssertionError("no port is free for both TCP and UDP");
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
