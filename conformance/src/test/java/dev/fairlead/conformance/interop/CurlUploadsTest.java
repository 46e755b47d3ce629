package dev.fairlead.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.interop.Curl.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people send with curl to a real nginx. */
class CurlUploadsTest {

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
    System.out.println("curl, uploads: " + transfers + " transfers");
  }

  @ParameterizedTest
  @EnumSource
  void aLargeFileGoesWhole(HttpVersion version) throws Exception {
    Transfer transfer = bed.get(version, "/uploads/copy", "--upload-file", "files/large").only();

    assertThat(transfer).isEqualTo(CurlBed.answered(201, version));
    CurlBed.assertSame(folder.resolve("files/uploads/copy"), bed.large());
  }

  @Test
  void aFileOfUnknownLengthGoesWhole() throws Exception {
    Transfer transfer =
        bed.get(
                HttpVersion.HTTP_1_1,
                "/uploads/copy",
                "--upload-file",
                "files/large",
                "--header",
                "Transfer-Encoding: chunked")
            .only();

    assertThat(transfer).isEqualTo(CurlBed.answered(201, HttpVersion.HTTP_1_1));
    CurlBed.assertSame(folder.resolve("files/uploads/copy"), bed.large());
  }

  @Test
  void anUploadBeginsWhenTheAppWantsIt() throws Exception {
    Curl.Ended ended =
        bed.get(
            HttpVersion.HTTP_1_1,
            "/uploads/copy",
            "--upload-file",
            "files/large",
            "--header",
            "Expect: 100-continue",
            "--expect100-timeout",
            "30");

    assertThat(ended.only()).isEqualTo(CurlBed.answered(201, HttpVersion.HTTP_1_1));
    assertThat(ended.heads()).startsWith("http/1.1 100 continue");
    CurlBed.assertSame(folder.resolve("files/uploads/copy"), bed.large());
  }

  @Test
  void anUploadThatTheAppRefusesDoesNotBegin() throws Exception {
    Curl.Ended ended =
        bed.get(
            HttpVersion.HTTP_1_1,
            "/small-uploads/copy",
            "--upload-file",
            "files/large",
            "--header",
            "Expect: 100-continue",
            "--expect100-timeout",
            "30",
            "--output",
            "page",
            "--write-out",
            "%{size_upload} bytes sent\\n");

    assertThat(ended.output()).contains("0 bytes sent");
    assertThat(ended.heads()).first().asString().startsWith("http/1.1 413 ");
  }

  @ParameterizedTest
  @EnumSource
  void whoseUploadIsRefusedIsToldSo(HttpVersion version) throws Exception {
    Curl.Ended ended =
        bed.get(
            version,
            "/small-uploads/copy",
            "--upload-file",
            "files/large",
            "--header",
            "Expect:",
            "--output",
            "page");

    assertThat(ended.only()).isEqualTo(CurlBed.answered(413, version));
    assertThat(Files.readString(folder.resolve("page"))).contains("413 Request Entity Too Large");
  }
}
