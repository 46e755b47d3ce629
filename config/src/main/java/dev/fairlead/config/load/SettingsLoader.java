package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.DockerSettings;
import dev.fairlead.config.bootstrap.FileSettings;
import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.ListenerSettings;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.config.bootstrap.OnDemandSettings;
import dev.fairlead.config.bootstrap.PreflightSettings;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.bootstrap.StickySettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.schema.AcmeDnsOptions;
import dev.fairlead.config.schema.AcmeOptions;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the settings of a process. Total: no input makes it throw. */
public final class SettingsLoader {

  private SettingsLoader() {}

  /**
   * Reads settings: a flag wins over a variable, a variable over the file, the file over the
   * default.
   *
   * @param yamlFile the settings file; its {@code services} are looked at too
   * @param environment all variables; those that begin with {@code FAIRLEAD_} are ours, and each
   *     must be known
   * @param flags by key of the option ({@code docker.poll})
   * @return all that is wrong, in every one of the three; values that another wins over are not
   *     looked at
   */
  public static Parsed<Settings> load(
      Optional<Path> yamlFile, Map<String, String> environment, Map<String, String> flags) {
    Problems problems = new Problems();
    Optional<Yaml.Mapping> yaml = yamlFile.flatMap(file -> SettingSources.yaml(file, problems));
    Map<String, Entry> entries = new TreeMap<>();
    yaml.ifPresent(file -> entries.putAll(SettingSources.file(file, problems)));
    entries.putAll(SettingSources.environment(environment, problems));
    entries.putAll(SettingSources.flags(flags, problems));

    Values values = new Values(SettingOptions.ALL, entries, problems);
    Optional<Path> ownServices =
        yamlFile.filter(
            _ -> yaml.stream().anyMatch(file -> file.entries().containsKey(ServicesFile.SERVICES)));
    yaml.ifPresent(file -> ServicesFile.services(file, domain(values), problems));
    checkServicesAreRead(values, ownServices, problems);
    checkListeners(values, problems);
    checkTrust(values, problems);
    AuthorityReader.check(values, problems);
    DnsReader.check(values, problems);
    IssuanceReader.check(values, problems);
    checkCopy(values, problems);
    new AlertReader(values).check(problems);
    return problems.orElse(() -> settings(values, ownServices));
  }

  /** A domain that could not be read is one problem, not one more for each service. */
  private static Optional<String> domain(Values values) {
    return values.isWrong(SettingOptions.DOMAIN)
        ? Optional.of(ComposeFile.UNKNOWN_DOMAIN)
        : values.find(SettingOptions.DOMAIN);
  }

  /** Services beside the settings would be lost when another file is named. */
  private static void checkServicesAreRead(
      Values values, Optional<Path> ownServices, Problems problems) {
    Optional<Path> other = values.find(SettingOptions.FILE_PATH);
    if (ownServices.isPresent() && other.isPresent() && !isSame(ownServices.get(), other.get())) {
      problems.add(
          ServicesFile.SERVICES,
          "services in two files",
          "all of them in %s, as file.path says".formatted(other.get()));
    }
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private static void checkListeners(Values values, Problems problems) {
    List<Option<ListenAddress>> listeners =
        List.of(
            SettingOptions.LISTENERS_HTTP,
            SettingOptions.LISTENERS_HTTPS,
            SettingOptions.LISTENERS_ADMIN);
    for (int i = 1; i < listeners.size(); i++) {
      Option<ListenAddress> listener = listeners.get(i);
      listeners.subList(0, i).stream()
          .filter(earlier -> clash(values.find(listener), values.find(earlier)))
          .findFirst()
          .ifPresent(
              earlier ->
                  problems.add(
                      values.pathOf(listener),
                      values.get(listener).toString(),
                      "another address than that of " + earlier.key()));
    }
  }

  /** From everybody a header would be anybody's word. */
  private static void checkTrust(Values values, Problems problems) {
    if (values.isGiven(SettingOptions.TRUSTED_NETWORKS)) {
      return;
    }
    if (values.find(SettingOptions.TRUSTED_PROXY_PROTOCOL).equals(Optional.of(true))) {
      problems.add(
          values.pathOf(SettingOptions.TRUSTED_PROXY_PROTOCOL),
          "true",
          "the networks that such connections come from in trusted.networks");
    }
    if (values
        .find(SettingOptions.TRUSTED_HEADER)
        .equals(Optional.of(TrustSettings.Header.FORWARDED))) {
      problems.add(
          values.pathOf(SettingOptions.TRUSTED_HEADER),
          "forwarded",
          "the networks of the proxies that say it in trusted.networks");
    }
  }

  /** One within the other is no second place, and may be taken for what belongs there. */
  private static void checkCopy(Values values, Problems problems) {
    Optional<Path> storage = values.find(SettingOptions.STORAGE_PATH);
    Optional<Path> copy = values.find(SettingOptions.STORAGE_COPY);
    if (storage.isPresent() && copy.isPresent() && isWithin(storage.get(), copy.get())) {
      problems.add(
          values.pathOf(SettingOptions.STORAGE_COPY),
          copy.get().toString(),
          "a directory of its own, neither in storage.path nor around it");
    }
  }

  private static boolean isWithin(Path one, Path other) {
    Path first = one.toAbsolutePath().normalize();
    Path second = other.toAbsolutePath().normalize();
    return first.startsWith(second) || second.startsWith(first);
  }

  private static boolean clash(Optional<ListenAddress> one, Optional<ListenAddress> other) {
    return one.isPresent() && other.isPresent() && clash(one.get(), other.get());
  }

  /** The same port of the same address, or of all addresses; port 0 is another each time. */
  private static boolean clash(ListenAddress one, ListenAddress other) {
    return one.port() == other.port()
        && one.port() != 0
        && (isEverywhere(one) || isEverywhere(other) || one.host().equals(other.host()));
  }

  private static boolean isEverywhere(ListenAddress address) {
    return address.host().map(host -> host.equals("0.0.0.0") || host.equals("::")).orElse(true);
  }

  private static Settings settings(Values values, Optional<Path> ownServices) {
    return new Settings(
        values.find(SettingOptions.DOMAIN),
        new ListenerSettings(
            values.get(SettingOptions.LISTENERS_HTTP),
            values.get(SettingOptions.LISTENERS_HTTPS),
            values.get(SettingOptions.LISTENERS_ADMIN),
            values.get(SettingOptions.LISTENERS_PUBLIC_HTTPS_PORT),
            values.find(SettingOptions.LISTENERS_DEFAULT_ADDRESS)),
        new TrustSettings(
            values.find(SettingOptions.TRUSTED_NETWORKS).orElse(List.of()),
            values.get(SettingOptions.TRUSTED_PROXY_PROTOCOL),
            values.get(SettingOptions.TRUSTED_HEADER)),
        new AcmeSettings(
            AuthorityReader.FIRST.read(values).orElseThrow(),
            AuthorityReader.FALLBACK.read(values),
            new KeySettings(values.get(AcmeOptions.KEY_TYPE), values.get(AcmeOptions.KEY_REUSE)),
            values.get(AcmeOptions.CHALLENGE),
            DnsReader.read(values),
            new PreflightSettings(
                values.get(AcmeOptions.PREFLIGHT),
                values.find(AcmeOptions.ADDRESSES).orElse(List.of()),
                values.find(AcmeDnsOptions.RESOLVER)),
            values.get(AcmeOptions.ARCHIVE_AFTER),
            IssuanceReader.read(values)),
        new StorageSettings(
            values.get(SettingOptions.STORAGE_PATH),
            values.get(SettingOptions.STORAGE_TIMEOUT),
            values.find(SettingOptions.STORAGE_COPY)),
        new DockerSettings(
            values.get(SettingOptions.DOCKER_ENABLED),
            values.get(SettingOptions.DOCKER_ENDPOINT),
            values.get(SettingOptions.DOCKER_POLL),
            values.get(SettingOptions.DOCKER_TIMEOUT),
            values.find(SettingOptions.DOCKER_NETWORKS).orElse(List.of())),
        new FileSettings(
            values.find(SettingOptions.FILE_PATH).or(() -> ownServices),
            values.get(SettingOptions.FILE_POLL)),
        new TimeoutSettings(
            values.get(SettingOptions.TIMEOUTS_HEADER),
            values.get(SettingOptions.TIMEOUTS_HANDSHAKE),
            values.get(SettingOptions.TIMEOUTS_CONNECT),
            values.get(SettingOptions.TIMEOUTS_IDLE),
            values.get(SettingOptions.TIMEOUTS_KEEP_ALIVE),
            values.get(SettingOptions.TIMEOUTS_DRAIN)),
        limits(values),
        new LogSettings(
            values.get(SettingOptions.LOG_FORMAT),
            values.get(SettingOptions.LOG_LEVEL),
            values.get(SettingOptions.LOG_ACCESS)),
        new ForwardedSettings(
            values.get(SettingOptions.FORWARDED_HEADER),
            values.get(SettingOptions.FORWARDED_NEW_TRACE)),
        new StickySettings(values.find(SettingOptions.STICKY_SECRET)),
        new AlertReader(values).settings(),
        new OnDemandSettings(
            values.get(AcmeOptions.ON_DEMAND_NAMES), values.get(AcmeOptions.ON_DEMAND_PER_HOUR)));
  }

  private static LimitSettings limits(Values values) {
    int connections = values.get(SettingOptions.LIMITS_CONNECTIONS);
    return new LimitSettings(
        connections,
        values.get(SettingOptions.LIMITS_CONNECTIONS_PER_CLIENT),
        values.get(SettingOptions.LIMITS_HEADER_BYTES).intValue(),
        values.get(SettingOptions.LIMITS_HEADER_COUNT),
        values.get(SettingOptions.LIMITS_URI_LENGTH).intValue(),
        values.get(SettingOptions.LIMITS_STREAMS),
        values.get(SettingOptions.LIMITS_REQUESTS_PER_CONNECTION),
        values.get(SettingOptions.LIMITS_MIN_RATE),
        values.find(SettingOptions.LIMITS_NEW_CONNECTIONS).orElse(Math.max(1, connections / 2)));
  }
}
