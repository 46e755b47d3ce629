package dev.fairlead.app.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build/Unsign.java}, as the build runs it, on jars that the JDK has signed. */
class UnsignTest {

  private static final LocalDateTime LONG_AGO = LocalDateTime.of(2001, 2, 3, 4, 5, 6);
  private static final String MANIFEST =
      "Manifest-Version: 1.0\r\nMulti-Release: true\r\nAutomatic-Module-Name: signed\r\n\r\n";

  @TempDir private Path folder;
  private Path signed;
  private Path plain;

  @BeforeEach
  void makeJars() throws IOException, InterruptedException {
    signed = jar("signed.jar");
    plain = jar("plain.jar");
    Path keys = folder.resolve("keys.p12");
    List<String> store = List.of("-keystore", keys.toString(), "-storepass", "changeit");
    run("keytool", store, List.of("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=a"));
    run("jarsigner", store, List.of(signed.toString(), "a"));
    try (JarFile jar = new JarFile(signed.toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName)).anyMatch(name -> name.endsWith(".EC"));
      assertThat(jar.getManifest().getEntries()).isNotEmpty();
    }
  }

  @Test
  void takesSignaturesAndDigestsOffAndLeavesTheRest() throws IOException, InterruptedException {
    unsign();
    try (JarFile jar = new JarFile(signed.toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .containsExactlyInAnyOrder(
              JarFile.MANIFEST_NAME, "a/One.class", "META-INF/versions/17/a/One.class");
      assertThat(jar.getManifest().getEntries()).isEmpty();
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .isEqualTo("signed");
      assertThat(jar.isMultiRelease()).isTrue();
      ZipEntry one = jar.getEntry("a/One.class");
      assertThat(jar.getInputStream(one)).hasContent("one");
      assertThat(one.getTimeLocal()).isBefore(LONG_AGO);
    }
  }

  @Test
  void leavesAJarThatIsNotSignedAsItIs() throws IOException, InterruptedException {
    byte[] before = Files.readAllBytes(plain);
    unsign();
    assertThat(plain).hasBinaryContent(before);
  }

  @Test
  void theSameJarGivesTheSameResult() throws IOException, InterruptedException {
    byte[] before = Files.readAllBytes(signed);
    unsign();
    byte[] once = Files.readAllBytes(signed);
    Files.write(signed, before);
    unsign();
    assertThat(signed).hasBinaryContent(once);
    unsign();
    assertThat(signed).hasBinaryContent(once);
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".unsigned"));
    }
  }

  private void unsign() throws IOException, InterruptedException {
    // Maven runs the tests in the folder of their module
    Path source = Path.of("..", "build", "Unsign.java").toAbsolutePath();
    run("java", List.of("-XX:TieredStopAtLevel=1", source.toString()), List.of(folder.toString()));
  }

  private static void run(String tool, List<String> options, List<String> rest)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    builder.command().addAll(options);
    builder.command().addAll(rest);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private Path jar(String name) throws IOException {
    Path jar = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(out, JarFile.MANIFEST_NAME, MANIFEST);
      put(out, "a/One.class", "one");
      put(out, "META-INF/versions/17/a/One.class", "one of 17");
    }
    return jar;
  }

  private static void put(ZipOutputStream out, String name, String text) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(LONG_AGO);
    out.putNextEntry(entry);
    out.write(text.getBytes(UTF_8));
    out.closeEntry();
  }
}
