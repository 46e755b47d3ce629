package dev.fairlead.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.Future;

/** The rules of the data plane's packages. */
@AnalyzeClasses(
    packages = "dev.fairlead.proxy",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /**
   * Packages whose code runs on event loops; {@code server} binds and drains on control threads.
   */
  private static final String[] ON_EVENT_LOOPS = {
    "..proxy.cluster..",
    "..proxy.codec..",
    "..proxy.forward..",
    "..proxy.http..",
    "..proxy.message..",
    "..proxy.route..",
    "..proxy.snapshot..",
    "..proxy.tls..",
    "..proxy.transport..",
    "..proxy.upstream.."
  };

  private static final Set<String> WAITING =
      Set.of(
          "get",
          "resultNow",
          "await",
          "awaitUninterruptibly",
          "sync",
          "syncUninterruptibly",
          "join");

  @ArchTest
  static final ArchRule protocolsAreReadByOurOwnCodecs =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty.handler.codec.http..", "io.netty.handler.codec.http2..");

  @ArchTest
  static final ArchRule routesKnowNothingOfNetty =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..proxy.route..", "..proxy.cluster..", "..proxy.snapshot..", "..proxy.http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.fairlead.proxy.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theDataPlaneKnowsNoControlPlane =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.fairlead.acme..",
              "dev.fairlead.discovery..",
              "dev.fairlead.app..",
              "dev.fairlead.config.load..",
              "dev.fairlead.config.schema..");

  @ArchTest
  static final ArchRule nothingOnAnEventLoopWaits =
      noClasses()
          .that()
          .resideInAnyPackage(ON_EVENT_LOOPS)
          .should()
          .callMethodWhere(waits())
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class)
          .orShould()
          .callMethod(InetAddress.class, "getByName", String.class)
          .orShould()
          .callMethod(InetAddress.class, "getAllByName", String.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.File");

  private static DescribedPredicate<JavaCall<?>> waits() {
    return new DescribedPredicate<>("wait for a future") {
      @Override
      public boolean test(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        return WAITING.contains(call.getTarget().getName()) && owner.isAssignableTo(Future.class);
      }
    };
  }
}
