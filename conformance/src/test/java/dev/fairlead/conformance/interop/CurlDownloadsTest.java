package dev.fairlead.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.interop.Curl.Transfer;
import dev.fairlead.proxy.testing.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people get with curl, by every version of HTTP that it speaks by TCP, from a real nginx. */
class CurlDownloadsTest {

  private static int transfers;

  @TempDir private Path folder;
  private CurlBed bed;

  @BeforeAll
  static void look() {
    CurlBed.look();
  }

  @BeforeEach
  void start() throws IOException {
    bed = new CurlBed(folder);
  }

  @AfterEach
  void stop() {
    transfers += bed.transfers();
    bed.close();
  }

  @AfterAll
  static void count() {
    System.out.println("curl, downloads: " + transfers + " transfers");
  }

  @ParameterizedTest
  @EnumSource
  void aLargeFileComesWhole(HttpVersion version) throws Exception {
    Transfer transfer = bed.get(version, "/large", "--output", "copy").only();

    assertThat(transfer).isEqualTo(CurlBed.answered(200, version));
    CurlBed.assertSame(folder.resolve("copy"), bed.large());
  }

  @ParameterizedTest
  @EnumSource
  void aPartOfAFileIsThatPart(HttpVersion version) throws Exception {
    Curl.Ended ended = bed.get(version, "/large", "--range", "5000-5999", "--output", "part");

    assertThat(ended.only()).isEqualTo(CurlBed.answered(206, version));
    assertThat(ended.heads()).contains("content-range: bytes 5000-5999/" + CurlBed.LARGE);
    assertThat(Files.readAllBytes(folder.resolve("part")))
        .isEqualTo(Arrays.copyOfRange(Files.readAllBytes(bed.large()), 5_000, 6_000));
  }

  @ParameterizedTest
  @EnumSource
  void partsOfAFileComeInOneBody(HttpVersion version) throws Exception {
    Curl.Ended ended = bed.get(version, "/large", "--range", "0-9,100-109", "--output", "parts");

    assertThat(ended.only()).isEqualTo(CurlBed.answered(206, version));
    assertThat(ended.heads()).anyMatch(line -> line.startsWith("content-type: multipart/byter"));
    assertThat(Files.readString(folder.resolve("parts"), StandardCharsets.ISO_8859_1))
        .contains(
            "Content-Range: bytes 0-9/" + CurlBed.LARGE,
            "Content-Range: bytes 100-109/" + CurlBed.LARGE);
  }

  @ParameterizedTest
  @EnumSource
  void aDownloadGoesOnWhereItWasBroken(HttpVersion version) throws Exception {
    byte[] first = Arrays.copyOf(Files.readAllBytes(bed.large()), CurlBed.LARGE / 3);
    Files.write(folder.resolve("copy"), first);
    Transfer transfer = bed.get(version, "/large", "--continue-at", "-", "--output", "copy").only();

    assertThat(transfer).isEqualTo(CurlBed.answered(206, version));
    CurlBed.assertSame(folder.resolve("copy"), bed.large());
  }

  @ParameterizedTest
  @EnumSource
  void aHeadSaysHowMuchWouldFollow(HttpVersion version) throws Exception {
    Curl.Ended ended = bed.get(version, "/large", "--head", "--output", "head");

    assertThat(ended.only()).isEqualTo(CurlBed.answered(200, version));
    assertThat(ended.heads()).contains("content-length: " + CurlBed.LARGE);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCompressedArrivesSo(HttpVersion version) throws Exception {
    String text = "All work and no play makes Jack a dull boy.\n".repeat(10_000);
    Path original = Files.writeString(folder.resolve("files/text"), text);
    Curl.Ended ended = bed.get(version, "/text", "--compressed", "--output", "copy");

    assertThat(ended.only()).isEqualTo(CurlBed.answered(200, version));
    // nginx gives HTTP/1.0 no compressed answers, but the proxy asks it by HTTP/1.1.
    assertThat(ended.heads()).contains("content-encoding: gzip");
    CurlBed.assertSame(folder.resolve("copy"), original);
  }

  @ParameterizedTest
  @EnumSource
  void whatTheClientHasIsNotSentAgain(HttpVersion version) throws Exception {
    assertThat(bed.get(version, "/large", "--etag-save", "tag", "--output", "copy").only())
        .isEqualTo(CurlBed.answered(200, version));
    assertThat(bed.get(version, "/large", "--etag-compare", "tag", "--output", "again").only())
        .isEqualTo(CurlBed.answered(304, version));
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerOfUnknownLengthEndsWhereItEnds(HttpVersion version) throws Exception {
    String body = "a few words\n".repeat(1_000);
    try (Origin app =
        Origin.answering(
            (request, connection) -> {
              connection.head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: X-Sum");
              connection.send("%x\r\n%s\r\n".formatted(body.length(), body));
              connection.send("0\r\nX-Sum: 12000\r\n\r\n");
            })) {
      bed.proxy().publish(spec -> spec.route("a.test", app.endpoint()));
      Curl.Ended ended = bed.get(version, "/", "--output", "copy");

      assertThat(ended.only()).isEqualTo(CurlBed.answered(200, version));
      assertThat(Files.readString(folder.resolve("copy"))).isEqualTo(body);
      if (version == HttpVersion.HTTP_1_0) {
        assertThat(ended.heads()).noneMatch(line -> line.startsWith("transfer-encoding"));
      } else {
        assertThat(ended.heads()).contains("x-sum: 12000");
      }
    }
  }
}
