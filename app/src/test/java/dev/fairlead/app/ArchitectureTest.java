package dev.fairlead.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The graph of the modules, and what may be used where. */
@AnalyzeClasses(
    packages = "dev.fairlead",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.DoNotIncludeTestJars.class
    })
final class ArchitectureTest {

  @ArchTest
  static final ArchRule configIsTheLeaf =
      packageMayNotSee("config", "proxy", "acme", "discovery", "app");

  @ArchTest
  static final ArchRule theDataPlaneSeesOnlyConfig =
      packageMayNotSee("proxy", "acme", "discovery", "app");

  @ArchTest
  static final ArchRule acmeSeesOnlyConfig = packageMayNotSee("acme", "proxy", "discovery", "app");

  @ArchTest
  static final ArchRule discoverySeesOnlyConfig =
      packageMayNotSee("discovery", "proxy", "acme", "app");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.fairlead.(**)").should().beFreeOfCycles();

  @ArchTest static final ArchRule nettyIsUsedInTheDataPlaneOnly = usedOnlyIn("io.netty", "proxy");

  @ArchTest
  static final ArchRule acme4jIsUsedInAcmeOnly = usedOnlyIn("org.shredzone.acme4j", "acme");

  @ArchTest
  static final ArchRule dnsjavaIsUsedForDnsChallengesOnly = usedOnlyIn("org.xbill", "acme.dns");

  @ArchTest
  static final ArchRule dockerJavaIsUsedInTheSwarmProviderOnly =
      usedOnlyIn("com.github.dockerjava", "discovery.swarm");

  @ArchTest
  static final ArchRule picocliIsUsedInTheCommandLineOnly = usedOnlyIn("picocli", "app.cli");

  @ArchTest
  static final ArchRule angusMailIsUsedForAlertsOnly = usedOnlyIn("jakarta.mail", "app.alert");

  @ArchTest
  static final ArchRule nothingOnAnEventLoopBlocks =
      noClasses()
          .that()
          .resideInAPackage("dev.fairlead.proxy..")
          .should(ArchConditions.callMethod(Thread.class, "sleep", long.class))
          .orShould(ArchConditions.callMethod(java.util.concurrent.Future.class, "get"))
          .orShould(ArchConditions.callMethod(java.util.concurrent.CompletableFuture.class, "join"))
          .orShould(
              ArchConditions.callMethod(java.net.InetAddress.class, "getByName", String.class))
          .orShould(
              ArchConditions.dependOnClassesThat(
                  JavaClass.Predicates.resideInAPackage("java.nio.file..")));

  /** The data plane's test classes come as a jar in {@code mvn verify}, and as a folder before. */
  static final class DoNotIncludeTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static ArchRule packageMayNotSee(String module, String... others) {
    String[] packages = new String[others.length];
    for (int i = 0; i < others.length; i++) {
      packages[i] = "dev.fairlead." + others[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage("dev.fairlead." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  private static ArchRule usedOnlyIn(String library, String place) {
    return ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("dev.fairlead." + place + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library + "..");
  }

  private ArchitectureTest() {}
}
