package dev.anabranch.trials.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the sessions in the documentation, line by line, each page against a server of its own.
 * {@code …} stands for whatever comes there.
 */
class SessionsTest {

  private static final Path ROOT = Path.of(System.getProperty("anabranch.root"));

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/branches.md", "docs/diff.md", "docs/verdicts.md"})
  void theSessionOnThePageIsReal(String page, @TempDir Path directory) throws Exception {
    Assumptions.assumeTrue(
        Exchange.run(directory, "", "command -v psql").startsWith("/"),
        "SKIPPED: the session needs psql, and there is none on this machine");
    List<Exchange> session = Exchange.allIn(ROOT.resolve(page));
    assertThat(session).as("commands on the page").hasSizeGreaterThan(5);
    Path data = Files.createDirectories(Options.of().directory("data", "anabranch-session"));
    // What a page says after `up`; also where it says nothing, a full copy of this main is cheap.
    Files.writeString(data.resolve("anabranch.properties"), "history = 1d\n");
    try (ServerProcess server = ServerProcess.start(data)) {
      command(directory);
      for (Exchange exchange : session) {
        if (!exchange.command().startsWith("./anabranch up")) {
          exchange.play(directory, server.product().address().toString());
        }
      }
    }
  }

  /** The command-line client as it was just built, under the launcher's name. */
  private static void command(Path directory) throws IOException {
    Path launcher = directory.resolve("anabranch");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '"
            + java
            // A page has dozens of commands, each of which is over before it is worth compiling.
            + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
            + System.getProperty("java.class.path")
            + "' dev.anabranch.cli.Cli \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
