package dev.fairlead.conformance.growth;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;

/** How many objects of which class are alive, and how large they are. */
final class LiveObjects {

  // Columns of the histogram: a number, objects, bytes, the class, and maybe its module.
  private static final int OBJECTS = 1;
  private static final int BYTES = 2;
  private static final int CLASS = 3;

  private LiveObjects() {}

  /** Objects of this JVM, by their class, after a collection. */
  static Map<String, Long> count() {
    return histogram(OBJECTS);
  }

  /** The same, in bytes. */
  static Map<String, Long> bytes() {
    return histogram(BYTES);
  }

  private static Map<String, Long> histogram(int column) {
    String histogram;
    try {
      histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("the JVM does not count its objects", e);
    }
    Map<String, Long> counts = new TreeMap<>();
    histogram
        .lines()
        .map(line -> line.strip().split(" +", -1))
        .filter(columns -> columns.length > CLASS && columns[0].endsWith(":"))
        // A hidden class has the address of its definition in its name.
        .forEach(
            columns ->
                counts.merge(
                    columns[CLASS].replaceAll("[+/]0x[0-9a-f]+", ""),
                    Long.parseLong(columns[column]),
                    Long::sum));
    return counts;
  }
}
