package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.EndpointSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesFileTest {

  private static final Optional<String> DOMAIN = Optional.of("example.com");

  @Test
  void readsServicesInTheOrderOfTheFile() {
    assertThat(
            shown(
                """
                log: {level: info}
                services:
                  shop:
                    host: [shop.example.net, "*.shop.example.net"]
                    path: /shop
                    path.strip: true
                    tls: off
                    endpoints: ["10.0.0.2:80", "10.0.0.1:8080", "[fd00:0::1]:80"]
                    routes:
                      api: {path: /api, balance: p2c}
                  blog:
                    host: a.example.net, b.example.net
                    endpoints: 10.0.0.3:80
                  old:
                    enable: false
                    typo: 1
                """))
        .isEqualTo(
            """
            shop at 10.0.0.2:80 10.0.0.1:8080 [fd00::1]:80
            http://shop.example.net/shop http://*.shop.example.net/shop strip port 80 p2c off
            api http://shop.example.net/api http://*.shop.example.net/api strip port 80 p2c off
            blog at 10.0.0.3:80
            https://a.example.net/ https://b.example.net/ port 80 p2c acme redirect\
            """);
  }

  @Test
  void readsRoutesOnly() {
    assertThat(
            shown(
                """
                services:
                  shop:
                    endpoints: ["10.0.0.2:80"]
                    routes: {api: {path: /api}}
                """))
        .isEqualTo(
            """
            shop at 10.0.0.2:80
            api https://shop.example.com/api port 80 p2c acme redirect\
            """);
  }

  @Test
  void keysBelowOneWithAValueHaveDots() {
    assertThat(
            shown(
                """
                services:
                  nas:
                    scheme: https
                    scheme.verify: false
                    balance: hash
                    balance.key: cookie:sid
                    endpoints: ["10.0.0.2:443"]
                """))
        .isEqualTo(
            """
            nas at 10.0.0.2:443
            https://nas.example.com/ port 80 by https to nas unverified hash by cookie:sid acme redirect\
            """);
  }

  @Test
  void endpointsHaveWeights() {
    List<StaticService> services =
        ServicesFile.parse(
                "services: {nas: {endpoints: [10.0.0.2:443, 10.0.0.1:80 weight=3]}}", DOMAIN)
            .<List<StaticService>>either(
                read -> read,
                problems -> {
                  throw new AssertionError(problems);
                });
    assertThat(services.getFirst().endpoints())
        .containsExactly(new EndpointSpec("10.0.0.2", 443, 1), new EndpointSpec("10.0.0.1", 80, 3));
    assertThat(problems("services: {nas: {endpoints: [10.0.0.2:443, 10.0.0.2:443 weight=3]}}"))
        .isEqualTo("services.nas.endpoints: 10.0.0.2:443 (expected: one weight)");
    assertThat(problems("services: {nas: {endpoints: 10.0.0.2:443 weight=101}}"))
        .startsWith("services.nas.endpoints: 10.0.0.2:443 weight=101 (expected: ");
  }

  @Test
  void readsNoServicesWhereThereAreNone() {
    assertThat(shown("")).isEmpty();
    assertThat(shown("services:\n")).isEmpty();
    assertThat(shown("services: {}\n")).isEmpty();
    assertThat(shown("# nothing yet\n")).isEmpty();
  }

  @Test
  void saysAllThatIsWrong() {
    assertThat(
            problems(
                """
                domian: example.com
                services:
                  shop: {endpoints: [shop:80], prot: 80}
                  blog: {port: 8080, network: front, host: *name, endpoints: [{a: b}]}
                  none:
                  list: [a]
                  some:
                    path: {strip: maybe}
                    endpoints: []
                    routes: {api: , web: {}, x.y: {port: 80}}
                """))
        .isEqualTo(
            """
            domian: unknown key (expected: domain)
            services.blog.endpoints: a list (expected: one value such as 10.0.0.5:8080 weight=3, [fd00::5]:8080)
            services.blog.host: *name (expected: one value such as shop.example.com, *.shop.example.com)
            services.blog.network: unknown key (expected: one of endpoints, enable, host, path, scheme, proxy-protocol, balance, slow-start, sticky, eject, health.*, tls, redirect, timeout.*, limit.*, hold, retry.*, routes.<name>.<key>)
            services.blog.port: unknown key (expected: one of endpoints, enable, host, path, scheme, proxy-protocol, balance, slow-start, sticky, eject, health.*, tls, redirect, timeout.*, limit.*, hold, retry.*, routes.<name>.<key>)
            services.list: a list (expected: keys with values, endpoints at least)
            services.none: nothing (expected: keys with values, endpoints at least)
            services.shop.endpoints: shop:80 (expected: an IP address with a port such as 10.0.0.5:8080, or 10.0.0.5:8080 weight=3)
            services.shop.prot: unknown key (expected: one of endpoints, enable, host, path, scheme, proxy-protocol, balance, slow-start, sticky, eject, health.*, tls, redirect, timeout.*, limit.*, hold, retry.*, routes.<name>.<key>)
            services.some.endpoints: nothing (expected: an IP address with a port such as 10.0.0.5:8080, or 10.0.0.5:8080 weight=3)
            services.some.path.strip: maybe (expected: true or false)
            services.some.routes.api: unknown key (expected: services.some.routes.api. and one of host, path, scheme, proxy-protocol, balance, slow-start, sticky, eject, health.*, tls, redirect, timeout.*, limit.*, hold, retry.*)
            services.some.routes.web: unknown key (expected: services.some.routes.web. and one of host, path, scheme, proxy-protocol, balance, slow-start, sticky, eject, health.*, tls, redirect, timeout.*, limit.*, hold, retry.*)
            services.some.routes.x.y: a key with dots (expected: one level of YAML for each dot)\
            """);
  }

  @Test
  void refusesServicesThatAreNoMapping() {
    assertThat(problems("services: [shop]"))
        .isEqualTo("services: a list (expected: names of services with their keys)");
  }

  @Test
  void refusesWhatIsNoYaml() {
    assertThat(problems("services: [\n"))
        .isEqualTo(
            "YAML: line 2, column 1: expected the node content, but found '<stream end>'"
                + " (expected: YAML)");
  }

  @Test
  void refusesMoreServicesThanAnybodyHas() {
    String services =
        "services:\n"
            + java.util.stream.IntStream.range(0, 1001)
                .mapToObj(i -> "  s%d: {endpoints: '10.0.0.1:80'}%n".formatted(i))
                .collect(Collectors.joining());

    assertThat(problems(services)).isEqualTo("services: 1001 services (expected: at most 1000)");
  }

  @Test
  void namesTheFileThatItCannotRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("services.yml");
    assertThat(Shown.problems(ServicesFile.read(file, DOMAIN)))
        .isEqualTo(file + ": does not exist (expected: a readable YAML file)");

    Files.writeString(file, "a: b: c");
    assertThat(Shown.problems(ServicesFile.read(file, DOMAIN)))
        .isEqualTo(
            file + ": line 1, column 5: mapping values are not allowed here (expected: YAML)");
  }

  @Test
  void namesOfServicesForgeNoLineOfALogAndAreShortened() {
    String sentence =
        problems(
            """
            services:
              "a\\nERROR \\e[31m": {endpoints: 10.0.0.1:80}
            """);
    assertThat(sentence)
        .isEqualTo(
            "services.a\uFFFDERROR \uFFFD[31m.host: nothing (expected: a host name here, as"
                + " a\uFFFDERROR \uFFFD[31m.example.com, made of service and domain, is none)");

    String name = "n".repeat(5000);
    assertThat(problems("services: {? " + name + " : {endpoints: 10.0.0.1:80}}"))
        .hasSizeLessThan(1000)
        .contains("…");
  }

  private static String shown(String yaml) {
    return switch (ServicesFile.parse(yaml, DOMAIN)) {
      case Parsed.Valid<List<StaticService>>(var services) ->
          services.stream().map(ServicesFileTest::shown).collect(Collectors.joining("\n"));
      case Parsed.Invalid<List<StaticService>>(var problems) -> Shown.problems(problems);
    };
  }

  private static String shown(StaticService service) {
    return service.definition().service()
        + " at "
        + service.endpoints().stream().map(Object::toString).collect(Collectors.joining(" "))
        + "\n"
        + Shown.routes(service.definition());
  }

  private static String problems(String yaml) {
    return Shown.problems(ServicesFile.parse(yaml, DOMAIN));
  }
}
