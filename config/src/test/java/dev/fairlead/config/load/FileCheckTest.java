package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.load.CheckedFile.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCheckTest {

  private static final Optional<String> DOMAIN = Optional.of("example.com");

  @TempDir private Path directory;

  @Test
  void readsTheLabelsOfAComposeFileInEitherForm() throws IOException {
    CheckedFile checked =
        check(
            """
            x-labels: &labels
              fairlead.redirect: off
            services:
              shop:
                image: shop
                labels: {com.example.note: "container's own"}
                deploy:
                  replicas: 3
                  labels:
                    <<: *labels
                    fairlead.port: 8080
                    traefik.enable: true
              blog:
                image: blog
                deploy:
                  labels:
                    - fairlead.host=blog.example.net
                    - fairlead.path=/a=b
                    - other
              database:
                image: postgres
              empty:
            networks: {reverse-proxy: {external: true}}
            """);

    assertThat(checked.kind()).isEqualTo(Kind.COMPOSE);
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.unchecked()).isEmpty();
    assertThat(routes(checked))
        .isEqualTo(
            """
            shop: https://shop.example.com/ port 8080 p2c acme
            blog: https://blog.example.net/a=b port 80 p2c acme redirect\
            """);
  }

  @Test
  void namesEveryProblemByItsPlaceInAComposeFile() throws IOException {
    CheckedFile checked =
        check(
            """
            services:
              shop:
                image: shop
                deploy:
                  labels:
                    fairlead.prot: 8080
                    fairlead.host: {a: b}
                    fairlead.routes.api.tls:
              blog:
                image: blog
                deploy: {labels: [fairlead.port=http, fairlead.path]}
              right:
                image: right
                deploy: {labels: [fairlead.port=80]}
            """);

    assertThat(Shown.problems(checked.problems()))
        .isEqualTo(
            """
            services.blog.deploy.labels.fairlead.path: nothing (expected: a path such as /api, without . .. % or //)
            services.blog.deploy.labels.fairlead.port: http (expected: a port from 1 to 65535)
            services.shop.deploy.labels.fairlead.host: a mapping (expected: one value such as shop.example.com, *.shop.example.com)
            services.shop.deploy.labels.fairlead.prot: unknown key (expected: services.shop.deploy.labels.fairlead.port)
            services.shop.deploy.labels.fairlead.routes.api.tls: nothing (expected: acme or local or off)\
            """);
    assertThat(routes(checked))
        .isEqualTo("right: https://right.example.com/ port 80 p2c acme redirect");
  }

  @Test
  void findsLabelsOnTheContainerInsteadOfTheService() throws IOException {
    CheckedFile checked =
        check(
            """
            services:
              shop:
                image: shop
                labels:
                  fairlead.port: "8080"
                  other: x
              blog:
                image: blog
                labels: [fairlead.port=80, fairlead.path=/blog]
                deploy: {labels: [fairlead.port=80]}
            """);

    assertThat(Shown.problems(checked.problems()))
        .isEqualTo(
            """
            services.blog.labels.fairlead.path: /blog (expected: under services.blog.deploy.labels, as these are the container's)
            services.shop.labels.fairlead.port: 8080 (expected: under services.shop.deploy.labels, as these are the container's)\
            """);
  }

  @Test
  void leavesValuesWithVariablesUnchecked() throws IOException {
    CheckedFile checked =
        check(
            """
            services:
              shop:
                image: shop
                deploy:
                  labels:
                    fairlead.host: shop.${DOMAIN:?}
                    fairlead.port: $PORT
                    fairlead.routes.api.host: ${API}
                    fairlead.routes.api.prot: ${X}
                    fairlead.tls: none
              price:
                image: price
                deploy: {labels: {fairlead.path: /a$$b}}
              odd:
                image: &name odd
                labels: {odd: *name}
                deploy: {labels: {fairlead.path: "/a$$${X}", fairlead.host: *name}}
            """);

    assertThat(checked.unchecked())
        .containsExactly(
            "services.shop.deploy.labels.fairlead.host",
            "services.shop.deploy.labels.fairlead.port",
            "services.shop.deploy.labels.fairlead.routes.api.host",
            "services.shop.deploy.labels.fairlead.routes.api.prot",
            "services.odd.deploy.labels.fairlead.host",
            "services.odd.deploy.labels.fairlead.path");
    assertThat(Shown.problems(checked.problems()))
        .isEqualTo(
            """
            services.shop.deploy.labels.fairlead.routes.api.prot: unknown key (expected: services.shop.deploy.labels.fairlead.routes.api.port)
            services.shop.deploy.labels.fairlead.tls: none (expected: acme or local or off)\
            """);
    assertThat(routes(checked))
        .isEqualTo("price: https://price.example.com/a$b port 80 p2c acme redirect");
  }

  @Test
  void doesNotAskAComposeFileForTheDomain() throws IOException {
    Path file = file("services: {shop: {image: shop, deploy: {labels: [fairlead.port=80]}}}");

    CheckedFile checked = FileCheck.check(file, Optional.empty());

    assertThat(checked.problems()).isEmpty();
    assertThat(routes(checked))
        .isEqualTo("shop: https://shop.domain.invalid/ port 80 p2c acme redirect");
  }

  @Test
  void checksAFileOfItsOwn() throws IOException {
    CheckedFile checked =
        check("docker: {enabled: false}\nservices: {nas: {endpoints: '10.0.0.1:80'}}");

    assertThat(checked.kind()).isEqualTo(Kind.FAIRLEAD);
    assertThat(checked.problems()).isEmpty();
    assertThat(routes(checked))
        .isEqualTo("nas: https://nas.example.com/ port 80 p2c acme redirect");
  }

  @Test
  void namesTheProblemsOfAFileOfItsOwn() throws IOException {
    CheckedFile checked = check("docker: {enable: false}\nservices: {nas: {host: a.b}}");

    assertThat(checked.kind()).isEqualTo(Kind.FAIRLEAD);
    assertThat(Shown.problems(checked.problems()))
        .isEqualTo(
            """
            docker.enable: unknown key (expected: docker.enabled)
            services.nas.endpoints: nothing (expected: one or more addresses such as 10.0.0.5:8080 weight=3, [fd00::5]:8080)\
            """);
  }

  @Test
  void saysWhyAFileCannotBeChecked() {
    Path missing = directory.resolve("missing.yml");

    assertThat(Shown.problems(FileCheck.check(missing, DOMAIN).problems()))
        .isEqualTo(missing + ": does not exist (expected: a readable YAML file)");
  }

  private CheckedFile check(String yaml) throws IOException {
    return FileCheck.check(file(yaml), DOMAIN);
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("file.yml"), yaml);
  }

  private static String routes(CheckedFile checked) {
    return checked.services().stream()
        .map(service -> service.service() + ": " + Shown.routes(service))
        .collect(Collectors.joining("\n"));
  }
}
