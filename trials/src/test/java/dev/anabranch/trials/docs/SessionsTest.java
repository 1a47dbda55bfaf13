package dev.anabranch.trials.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.Exchange;
import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the sessions in the documentation, line by line, each page against a server of its own.
 * {@code …} stands for whatever comes there. {@code -Dpage=NAME} runs one.
 */
@Tag("postgres")
class SessionsTest {

  private static final Path ROOT = Path.of(System.getProperty("anabranch.root"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/branches.md",
        "docs/checks.md",
        "docs/diff.md",
        "docs/merging.md",
        "docs/monitoring.md",
        "docs/production.md",
        "docs/promotion.md",
        "docs/security.md",
        "docs/tasks.md",
        "docs/undo.md",
        "docs/verdicts.md",
        "docs/webhooks.md"
      })
  void theSessionOnThePageIsReal(String page, @TempDir Path directory) throws Exception {
    Assumptions.assumeTrue(page.contains(System.getProperty("page", "")), "another page is wanted");
    Assumptions.assumeTrue(
        Exchange.run(directory, Map.of(), "command -v psql").startsWith("/"),
        "SKIPPED: the session needs psql, and there is none on this machine");
    List<Exchange> session = Exchange.allIn(ROOT.resolve(page));
    assertThat(session).as("commands on the page").isNotEmpty();
    Path data = Files.createDirectories(Options.of().directory("data", "anabranch-session"));
    // What a page says after `up`; also where it says nothing, a full copy of this main is cheap.
    Files.writeString(data.resolve("anabranch.properties"), "history = 1d\n");
    try (ServerProcess server = ServerProcess.start(data)) {
      command(directory);
      Map<String, String> here =
          Map.of(
              "ANABRANCH_URL",
              server.product().address().toString(),
              "ANABRANCH_DATA",
              data.toString());
      for (Exchange exchange : session) {
        if (!exchange.command().startsWith("./anabranch up")) {
          assertThat(exchange.type(directory, here))
              .as(exchange.command())
              .matches(exchange.promised());
        }
      }
    }
  }

  /**
   * The command-line client as it was just built, under the launcher's name and with its options. A
   * page has dozens of commands, and loading classes is most of what each takes.
   */
  private static void command(Path directory) throws IOException {
    Path launcher = directory.resolve("anabranch");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<Path> classes =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(entry -> !entry.startsWith(ROOT.resolve("trials")))
            .toList();
    // Java keeps the classes of jars only, and a quick build has none.
    String keeping =
        classes.stream().allMatch(Files::isRegularFile)
            ? "-XX:+AutoCreateSharedArchive '-XX:SharedArchiveFile="
                + ROOT.resolve("trials/target/cli.jsa")
                + "'"
            : "-Xshare:auto";
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec '%s' %s -Xlog:cds=off -Xlog:cds+dynamic=off -Xlog:aot=off -XX:TieredStopAtLevel=1 \
          -XX:+UseSerialGC -cp '%s' dev.anabranch.cli.Cli "$@"
        """
            .formatted(
                java,
                keeping,
                classes.stream()
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator))));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
