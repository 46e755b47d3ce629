package dev.fairlead.config.load;

import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.config.routing.UpstreamTls;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.ServiceOptions.ProxyProtocol;
import dev.fairlead.config.schema.Spelling;
import java.util.List;
import java.util.Optional;

/** Reads how the tasks of a route are spoken to, and what of that contradicts itself. */
final class UpstreamReader {

  private static final List<Option<?>> OF_TLS =
      List.of(ServiceOptions.SCHEME_VERIFY, ServiceOptions.SCHEME_CA, ServiceOptions.SCHEME_NAME);

  private UpstreamReader() {}

  /**
   * Reads it.
   *
   * @param values all of which could be read
   * @param service whose certificate has this name if nothing else is said
   * @return empty when there were problems
   */
  static Optional<UpstreamSpec> read(RouteValues values, String service, Problems problems) {
    Scheme scheme = values.find(ServiceOptions.SCHEME).orElseThrow();
    boolean verify = values.find(ServiceOptions.SCHEME_VERIFY).orElse(true);
    boolean header = values.find(ServiceOptions.PROXY_PROTOCOL).orElseThrow() == ProxyProtocol.V2;
    boolean fits = true;
    if (!scheme.isTls()) {
      for (Option<?> option : OF_TLS) {
        fits &=
            isLeftOut(option, values, "nothing, as scheme is " + Spelling.word(scheme), problems);
      }
    } else if (!verify) {
      fits =
          isLeftOut(
              ServiceOptions.SCHEME_CA, values, "nothing, as scheme.verify is false", problems);
    }
    if (scheme.isHttp2() && header) {
      problems.add(
          values.pathOf(ServiceOptions.PROXY_PROTOCOL),
          "v2",
          "off, as scheme is %s and clients share connections".formatted(Spelling.word(scheme)));
      fits = false;
    }
    return fits ? Optional.of(spec(values, scheme, verify, header, service)) : Optional.empty();
  }

  private static UpstreamSpec spec(
      RouteValues values, Scheme scheme, boolean verify, boolean header, String service) {
    Optional<UpstreamTls> tls =
        scheme.isTls()
            ? Optional.of(
                new UpstreamTls(
                    values.find(ServiceOptions.SCHEME_NAME).orElse(service),
                    verify,
                    verify ? values.find(ServiceOptions.SCHEME_CA) : Optional.empty()))
            : Optional.empty();
    return new UpstreamSpec(scheme, tls, header);
  }

  private static boolean isLeftOut(
      Option<?> option, RouteValues values, String expected, Problems problems) {
    // What a named route only inherits is for its service's other routes.
    boolean given = values.route().isGiven(option);
    if (given) {
      problems.add(
          values.pathOf(option), String.valueOf(values.find(option).orElseThrow()), expected);
    }
    return !given;
  }
}
