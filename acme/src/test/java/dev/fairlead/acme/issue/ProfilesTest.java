package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {

  private static final String LETSENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
  private static final Set<String> OFFERED = Set.of("classic", "tlsserver", "shortlived");

  @ParameterizedTest
  @CsvSource({
    "203.0.113.5, " + LETSENCRYPT,
    "2001:db8::1, " + LETSENCRYPT,
    "203.0.113.5, https://acme-staging-v02.api.letsencrypt.org/directory"
  })
  void anAddressHasTheOnlyOneThatLetsEncryptHasForIt(String host, String directory)
      throws Exception {
    assertThat(choose(host, directory, Optional.empty(), OFFERED)).contains("shortlived");
  }

  @Test
  void elseTheCaChooses() throws Exception {
    assertThat(choose("shop.example.com", LETSENCRYPT, Optional.empty(), OFFERED)).isEmpty();
    assertThat(choose("203.0.113.5", LETSENCRYPT, Optional.empty(), Set.of("classic"))).isEmpty();
    assertThat(choose("203.0.113.5", LETSENCRYPT, Optional.empty(), Set.of())).isEmpty();
    assertThat(choose("203.0.113.5", "https://ca.example.com/dir", Optional.empty(), OFFERED))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "203.0.113.5"})
  void theOneThatIsSetIsForAll(String host) throws Exception {
    assertThat(choose(host, LETSENCRYPT, Optional.of("tlsserver"), OFFERED)).contains("tlsserver");
  }

  @Test
  void oneThatIsNotOfferedIsNotOrdered() {
    assertThatThrownBy(() -> choose("203.0.113.5", LETSENCRYPT, Optional.of("long"), OFFERED))
        .isInstanceOf(IssueException.class)
        .hasMessage(
            "the CA does not offer the profile long (expected: acme.profile is one of classic,"
                + " shortlived, tlsserver)");
  }

  private static Optional<String> choose(
      String host, String directory, Optional<String> profile, Set<String> offered)
      throws IssueException {
    AuthoritySettings settings =
        new AuthoritySettings(
            URI.create(directory),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            profile,
            Optional.empty(),
            Optional.empty());
    return Profiles.choose(List.of(HostPattern.parse(host).orElseThrow()), settings, offered);
  }
}
