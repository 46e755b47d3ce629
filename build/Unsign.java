import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Takes the signatures off the jars of a folder: {@code Unsign FOLDER}. Nobody checks them against
 * a known signer, Maven has checked the jar's digest when it came, and each start would read them:
 * a line for each class of Bouncy Castle, a megabyte. The JVM's learnt cache holds no signed
 * classes either. The result depends on the jar and on the JDK that packs it.
 */
final class Unsign {

  /** Of every entry: what an entry says may depend on the time zone of whoever reads it. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  public static void main(String[] args) throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    for (Path jar : jars) {
      boolean signed;
      try (JarFile in = new JarFile(jar.toFile(), false)) {
        signed = in.stream().anyMatch(Unsign::isSignature);
      }
      if (signed) {
        unsign(jar);
      }
    }
  }

  private static void unsign(Path jar) throws IOException {
    Path unsigned = jar.resolveSibling(jar.getFileName() + ".unsigned");
    try (JarFile in = new JarFile(jar.toFile(), false);
        OutputStream file = Files.newOutputStream(unsigned);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (ZipEntry entry : (Iterable<ZipEntry>) in.stream().map(ZipEntry.class::cast)::iterator) {
        if (isSignature(entry)) {
          continue;
        }
        byte[] bytes =
            entry.getName().equals(JarFile.MANIFEST_NAME)
                ? withoutDigests(in.getManifest())
                : in.getInputStream(entry).readAllBytes();
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(TIME);
        out.putNextEntry(copy);
        out.write(bytes);
        out.closeEntry();
      }
    }
    Files.move(unsigned, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] withoutDigests(Manifest manifest) throws IOException {
    manifest.getEntries().clear();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  private static boolean isSignature(ZipEntry entry) {
    return entry.getName().toUpperCase(Locale.ROOT).matches("META-INF/[^/]+\\.(SF|DSA|RSA|EC)");
  }

  private Unsign() {}
}
