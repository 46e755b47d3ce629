package dev.fairlead.conformance.grpc;

import java.lang.reflect.Method;

/**
 * The main class of a JVM that has gRPC's interoperability server on its class path, which is named
 * here only: the server's own main method does not tell which port the system chose.
 */
final class InteropServer {

  /** What stands before the port in the line that tells it. */
  static final String PORT = "port: ";

  private static final String SERVER = "io.grpc.testing.integration.TestServiceServer";

  private InteropServer() {}

  /** Serves until it is ended, with these options of the server. */
  public static void main(String[] options) throws Exception {
    Class<?> type = Class.forName(SERVER);
    Object server = type.getDeclaredConstructor().newInstance();
    method(type, "parseArgs", String[].class).invoke(server, (Object) options);
    method(type, "start").invoke(server);
    System.out.println(PORT + method(type, "getPort").invoke(server));
    Thread.currentThread().join();
  }

  private static Method method(Class<?> of, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = of.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }
}
