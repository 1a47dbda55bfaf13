package dev.anabranch.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the build made, unpacked elsewhere, as somebody has it who never saw the sources. */
record Unpacked(Path directory) {

  static final Path TARBALL = Path.of(System.getProperty("anabranch.tarball"));
  static final String VERSION = System.getProperty("anabranch.version");

  /** The Java that runs this test. */
  static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  /** How a command ended. */
  record Outcome(int exitCode, String printed) {}

  /** Unpacks the tarball into a directory. */
  static Unpacked into(Path directory) throws IOException {
    Files.createDirectories(directory);
    Outcome outcome =
        run(
            directory,
            Map.of("PATH", "/usr/bin:/bin"),
            List.of("tar", "-xzf", TARBALL.toString(), "--strip-components=1"));
    assertThat(outcome).isEqualTo(new Outcome(0, ""));
    return new Unpacked(directory);
  }

  Path launcher() {
    return directory.resolve("bin/anabranch");
  }

  Path completion() {
    return directory.resolve("completion/anabranch.bash");
  }

  /** With nothing in the environment but where Java is. */
  Outcome anabranch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return run(directory, bareEnvironment(), command);
  }

  static Map<String, String> bareEnvironment() {
    return Map.of("PATH", "/usr/bin:/bin", "ANABRANCH_JAVA", JAVA.toString());
  }

  static Outcome run(Path directory, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(new HashMap<>(environment));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Outcome(process.waitFor(), printed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }
}
