package dev.anabranch.trials.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
  private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

  /** A line typed, and what is expected to come back. */
  private record Exchange(String command, List<String> answer) {}

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/branches.md"})
  void theSessionOnThePageIsReal(String page, @TempDir Path directory) throws Exception {
    Assumptions.assumeTrue(
        run(directory, "", "command -v psql").startsWith("/"),
        "SKIPPED: the session needs psql, and there is none on this machine");
    List<Exchange> session = session(ROOT.resolve(page));
    assertThat(session).as("commands on the page").hasSizeGreaterThan(5);
    try (ServerProcess server =
        ServerProcess.start(Options.of(new String[0]).directory("data", "anabranch-session"))) {
      command(directory);
      for (Exchange exchange : session) {
        if (!exchange.command().startsWith("./anabranch up")) {
          String printed =
              run(directory, server.product().address().toString(), exchange.command());
          assertThat(printed.stripTrailing())
              .as(exchange.command())
              .matches(pattern(exchange.answer()));
        }
      }
    }
  }

  private static List<Exchange> session(Path page) throws IOException {
    List<Exchange> session = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      for (String line : block.group(1).lines().toList()) {
        if (line.startsWith("$ ")) {
          session.add(new Exchange(line.substring(2), new ArrayList<>()));
        } else {
          session.getLast().answer().add(line);
        }
      }
    }
    return session;
  }

  private static Pattern pattern(List<String> lines) {
    String text = String.join("\n", lines).stripTrailing();
    String quoted =
        java.util.Arrays.stream(text.split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(quoted.replace(":6432/", ":\\E\\d+\\Q/"));
  }

  /** The command-line client as it was just built, under the launcher's name. */
  private static void command(Path directory) throws IOException {
    Path launcher = directory.resolve("anabranch");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '"
            + java
            + "' -cp '"
            + System.getProperty("java.class.path")
            + "' dev.anabranch.cli.Cli \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String run(Path directory, String url, String command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command).directory(directory.toFile());
    builder.environment().put("ANABRANCH_URL", url);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed;
  }
}
