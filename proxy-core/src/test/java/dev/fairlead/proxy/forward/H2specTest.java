package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What h2spec, a conformance test that others wrote, says of a whole proxy with an app behind it,
 * in its strict mode. Maven puts its program into target.
 */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "x86_64"},
    disabledReason = "the h2spec that Maven Central has for Linux runs on x86-64 only")
class H2specTest {

  private static final Path ARCHIVE =
      Path.of("target", "h2spec", "2.2.0", "h2spec_linux_amd64.tar.gz");
  private static final int CASES = 146;
  private static final int LIMIT_SECONDS = 50;

  /** One of the cases takes all of it. */
  private static final String CASE_LIMIT_SECONDS = "5";

  @TempDir private Path folder;

  @Test
  void allCasesPass() throws Exception {
    try (Origin app = Origin.named("more bytes than the windows that are tried");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("127.0.0.1", app))) {
      List<Element> cases = run(proxy.httpsPort());

      List<String> others =
          cases.stream().filter(one -> !isPassed(one)).map(H2specTest::name).toList();
      System.out.printf("h2spec: %d/%d cases%n", cases.size() - others.size(), cases.size());
      assertThat(others).isEmpty();
      assertThat(cases).hasSize(CASES);
    }
  }

  private List<Element> run(int port) throws Exception {
    Path report = folder.resolve("report.xml");
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                program().toString(),
                "--strict",
                "--tls",
                "--insecure",
                "--timeout",
                CASE_LIMIT_SECONDS,
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--junit-report",
                report.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("h2spec ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(report).as(Files.readString(output)).exists();
    return cases(report);
  }

  // The archive has one file: behind a header with its length, in octal digits, are its bytes.
  private Path program() throws IOException {
    assertThat(ARCHIVE).as("run by Maven, which unpacks it").exists();
    Path program = folder.resolve("h2spec");
    try (InputStream tar = new GZIPInputStream(Files.newInputStream(ARCHIVE))) {
      String header = new String(tar.readNBytes(512), StandardCharsets.US_ASCII);
      Files.write(program, tar.readNBytes(Integer.parseInt(header.substring(124, 135), 8)));
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  private static List<Element> cases(Path report) throws Exception {
    NodeList cases =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getElementsByTagName("testcase");
    return IntStream.range(0, cases.getLength()).mapToObj(i -> (Element) cases.item(i)).toList();
  }

  // What failed or was left out has an element that says so.
  private static boolean isPassed(Element one) {
    return one.getElementsByTagName("*").getLength() == 0;
  }

  private static String name(Element one) {
    return one.getAttribute("package") + ": " + one.getAttribute("classname");
  }
}
