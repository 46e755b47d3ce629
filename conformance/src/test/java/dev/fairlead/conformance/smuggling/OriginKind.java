package dev.fairlead.conformance.smuggling;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.fairlead.conformance.testing.Program;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The servers that stand behind the proxy, and how each is started. */
enum OriginKind {
  NGINX(
      "nginx",
      "nginx",
      "nginx-light",
      "-v",
      "-p @folder@/ -e @folder@/error.log -c @folder@/nginx.conf",
      "nginx.conf"),
  APACHE(
      "Apache",
      "apache2",
      "apache2-bin",
      "-v",
      "-D FOREGROUND -f @folder@/httpd.conf",
      "httpd.conf",
      "app.lua"),
  NODE("Node", "node", "nodejs", "--version", "@folder@/app.js @port@ @folder@/seen.log", "app.js");

  private static final Duration START = Duration.ofSeconds(10);

  /** Another program may take the port first. */
  private static final int PORTS_TO_TRY = 5;

  private final String title;
  private final String command;
  private final String debianPackage;
  private final String versionArgument;
  private final String arguments;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> files;

  OriginKind(
      String title,
      String command,
      String debianPackage,
      String versionArgument,
      String arguments,
      String... files) {
    this.title = title;
    this.command = command;
    this.debianPackage = debianPackage;
    this.versionArgument = versionArgument;
    this.arguments = arguments;
    this.files = List.of(files);
  }

  /** As rows name it. */
  String rowName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Starts it; returns once it takes connections.
   *
   * @param folder where all its files are; empty
   */
  Origin start(Path folder) throws Exception {
    Program program = Program.installed(command, debianPackage);
    // A server that root starts serves as somebody else, who must get at its files.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path output = folder.resolve("output");
    for (int i = 0; i < PORTS_TO_TRY; i++) {
      int port = freePort();
      for (String file : files) {
        Files.writeString(folder.resolve(file), filledIn(resource(file), folder, port));
      }
      Process process =
          program.start(folder, output, filledIn(arguments, folder, port).split(" ", -1));
      await().atMost(START).until(() -> !process.isAlive() || accepts(port));
      if (process.isAlive()) {
        return new Origin(
            this, version(program, folder), port, folder.resolve("seen.log"), process);
      }
    }
    Path errors = folder.resolve("error.log");
    return fail(
        "%s does not start:%n%s%s"
            .formatted(
                command,
                Files.readString(output),
                Files.exists(errors) ? Files.readString(errors) : ""));
  }

  private String version(Program program, Path folder) throws Exception {
    String told = program.run(folder, START, versionArgument).output();
    String number = told.replaceFirst("(?s)^[^0-9]*([0-9.]+).*$", "$1");
    return title + " " + number;
  }

  private static String resource(String file) throws IOException {
    try (InputStream in = OriginKind.class.getResourceAsStream("/smuggling/origins/" + file)) {
      if (in == null) {
        throw new IOException("no file " + file + " among the origins");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String filledIn(String text, Path folder, int port) throws IOException {
    return text.replace("@folder@", folder.toString())
        .replace("@port@", String.valueOf(port))
        .replace("@modules@", "/usr/lib/apache2/modules")
        .replace("@user@", user(folder));
  }

  // Apache refuses to serve as root, and must not be told whom to serve as by anybody else.
  private static String user(Path folder) throws IOException {
    boolean root = Files.getAttribute(folder, "unix:uid").equals(0);
    return root ? "User #65534\nGroup #65534" : "";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
