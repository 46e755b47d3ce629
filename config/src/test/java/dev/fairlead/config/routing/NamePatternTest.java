package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, shop.example.com",
    "Shop-*.Example.com, shop-1.example.com",
    "shop-*.example.com, shop-a-b.example.com",
    "*-shop.example.com, x-shop.example.com",
    "a*z.example.com, az.example.com",
    "a*z.example.com, abcz.example.com",
    "xn--*.example.com, xn--bcher-kva.example.com",
  })
  void meansNames(String pattern, String host) {
    assertThat(NamePattern.parse(pattern).orElseThrow().matches(host)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, shop.example.org",
    "shop.example.com, xshop.example.com",
    "shop.example.com, shopx.example.com",
    "shop.example.com, x.shop.example.com",
    "shop-*.example.com, shop.example.com",
    "shop-*.example.com, shop-1.x.example.com",
    "shop-*.example.com, shop-1example.com",
    "shop-*.example.com, shop-1xexample.com",
    "shop-*.example.com, example.com",
    "a*a.example.com, a.example.com",
    "a*z.example.com, a.z.example.com",
  })
  void doesNotMeanOthers(String pattern, String host) {
    assertThat(NamePattern.parse(pattern).orElseThrow().matches(host)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*.example.com",
        "shop",
        "*",
        "",
        ".example.com",
        "a*b*.example.com",
        "**.example.com",
        "a.*.example.com",
        "shop.*",
        "-a*.example.com",
        "a_b.example.com",
        "\u212Aa.example.com",
        "a b.example.com",
      })
  void refusesWhatSaysNothing(String text) {
    assertThat(NamePattern.parse(text)).isEmpty();
  }

  @Test
  void isWrittenAsItIsRead() {
    assertThat(NamePattern.parse("A-*.Example.com").orElseThrow()).hasToString("a-*.example.com");
    assertThat(NamePattern.parse("a.example.com").orElseThrow()).hasToString("a.example.com");
  }
}
