package dev.fairlead.conformance.grpc;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The main class of a JVM that has gRPC's interoperability client on its class path, which is named
 * here only. The client's own main method runs one case and ends the JVM; this one runs as many as
 * it is told, each with a client of its own.
 */
final class InteropClient {

  /** What stands before the name of a case in the line that says how it went. */
  static final String CASE = "case: ";

  static final String OK = "ok";

  private static final String PACKAGE = "io.grpc.testing.integration.";

  /** Reports of load come only when this is chosen to balance by them. */
  private static final String BY_LOAD =
      "--service_config_json="
          + "{\"loadBalancingConfig\":[{\"test_backend_metrics_load_balancer\":{}}]}";

  private InteropClient() {}

  /**
   * Runs cases.
   *
   * @param arguments the names of the cases with commas between them, then the client's options
   */
  public static void main(String[] arguments) throws Exception {
    registerBalancer();
    for (String name : arguments[0].split(",", -1)) {
      List<String> options = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
      options.add("--test_case=" + name);
      if (name.startsWith("orca")) {
        options.add(BY_LOAD);
      }
      String verdict = OK;
      try {
        run(options.toArray(String[]::new));
      } catch (InvocationTargetException e) {
        Throwable cause = Objects.requireNonNull(e.getCause());
        cause.printStackTrace(System.out);
        verdict = cause.toString().lines().findFirst().orElseThrow();
      }
      System.out.println(CASE + name + " " + verdict);
    }
    System.exit(0);
  }

  // As the client's own main method does.
  private static void registerBalancer() throws ReflectiveOperationException {
    Object provider = instance(Class.forName(PACKAGE + "CustomBackendMetricsLoadBalancerProvider"));
    Class<?> registry = Class.forName("io.grpc.LoadBalancerRegistry");
    method(registry, "register", Class.forName("io.grpc.LoadBalancerProvider"))
        .invoke(method(registry, "getDefaultRegistry").invoke(null), provider);
  }

  private static void run(String[] options) throws ReflectiveOperationException {
    Class<?> type = Class.forName(PACKAGE + "TestServiceClient");
    Object client = instance(type);
    method(type, "parseArgs", String[].class).invoke(client, (Object) options);
    method(type, "setUp").invoke(client);
    try {
      method(type, "run").invoke(client);
    } finally {
      method(type, "tearDown").invoke(client);
    }
  }

  private static Object instance(Class<?> of) throws ReflectiveOperationException {
    Constructor<?> constructor = of.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  private static Method method(Class<?> of, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = of.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }
}
