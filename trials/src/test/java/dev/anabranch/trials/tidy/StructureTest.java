package dev.anabranch.trials.tidy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The absences that ARCHITECTURE.md promises. */
class StructureTest {

  private static final Path ROOT = Path.of(System.getProperty("anabranch.root"));

  /** Each module and the modules it may use. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("base", List.of()),
          Map.entry("cluster", List.of("base")),
          Map.entry("testkit", List.of("base", "cluster")),
          Map.entry("branch", List.of("base", "cluster")),
          Map.entry("ledger", List.of("base")),
          Map.entry("gateway", List.of("base", "branch", "ledger")),
          Map.entry("mainfeed", List.of("base")),
          Map.entry("predicate", List.of("base", "ledger", "mainfeed")),
          Map.entry(
              "check", List.of("base", "cluster", "branch", "ledger", "mainfeed", "predicate")),
          Map.entry(
              "promote", List.of("base", "branch", "ledger", "mainfeed", "predicate", "check")),
          Map.entry("cli", List.of()),
          Map.entry("web", List.of()),
          Map.entry("dist", List.of("server", "cli")));

  private static final JavaClasses PRODUCTION = importProduction();

  @Test
  void modulesUseOnlyWhatTheArrowsAllow() {
    ARROWS.forEach((module, allowed) -> {
      String[] fine =
          Stream.concat(Stream.of(module), allowed.stream())
              .map(name -> "dev.anabranch." + name + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.anabranch." + module + "..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.anabranch..").and(resideOutsideOfPackages(fine)))
          .because("the arrows in ARCHITECTURE.md point one way")
          .allowEmptyShould(true)
          .check(PRODUCTION);
    });
  }

  @Test
  void packagesDependOneWay() {
    slices()
        .matching("dev.anabranch.(**)")
        .should()
        .beFreeOfCycles()
        .because("who reads one has to be able to stop")
        .check(PRODUCTION);
  }

  @Test
  void theMapHasEveryModule() throws IOException {
    String map = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    Pattern module = Pattern.compile("<module>(.*?)</module>");
    assertThat(module.matcher(Files.readString(ROOT.resolve("pom.xml"))).results())
        .allSatisfy(found -> assertThat(map).contains("\n| `" + found.group(1) + "` |"));
  }

  @Test
  void onlyTheFeedOpensAReplicationConnection() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.anabranch.mainfeed..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.postgresql.replication..")
        .because("one reader of main's WAL is enough to account for")
        .check(PRODUCTION);
  }

  @Test
  void nobodyWaitsOnAVirtualThread() {
    noClasses()
        .should()
        .callMethod(Thread.class, "ofVirtual")
        .orShould()
        .callMethod(Thread.class, "startVirtualThread", Runnable.class)
        .orShould()
        .callMethod(Executors.class, "newVirtualThreadPerTaskExecutor")
        .because("on Unix sockets only so many of them can wait at a time as there are processors")
        .check(PRODUCTION);
  }

  @Test
  void onlyTheWireKnowsBytes() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.anabranch.gateway..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "dev.anabranch.gateway.wire..")
        .because("the rest of the product speaks in statements and answers")
        .check(PRODUCTION);
  }

  @Test
  void verdictsAndPlansDoNoInputOrOutputAndReadNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.anabranch.predicate..", "dev.anabranch.promote.plan..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "java.net..", "java.nio.file..", "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are clocks",
                c -> c.isEquivalentTo(Clock.class) || c.isEquivalentTo(InstantSource.class)))
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .because("a verdict must be a function of what it was given")
        .check(PRODUCTION);
  }

  @Test
  void theLedgerNeverEditsAnEntry() throws IOException {
    Pattern edit =
        Pattern.compile("\"\\s*(UPDATE|DELETE|TRUNCATE|MERGE)\\s", Pattern.CASE_INSENSITIVE);
    Pattern open =
        Pattern.compile("(?m)^\\s*(UPDATE|DELETE|TRUNCATE|MERGE)\\s", Pattern.CASE_INSENSITIVE);
    try (Stream<Path> sources = Files.walk(ROOT.resolve("ledger/src/main/java"))) {
      for (Path source : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = Files.readString(source);
        assertThat(edit.matcher(text).find() || open.matcher(text).find())
            .as(source + " edits the ledger, which only ever grows")
            .isFalse();
      }
    }
  }

  private static JavaClasses importProduction() {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> classes =
          modules.map(m -> m.resolve("target/classes")).filter(Files::isDirectory).toList();
      return new ClassFileImporter().importPaths(classes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
