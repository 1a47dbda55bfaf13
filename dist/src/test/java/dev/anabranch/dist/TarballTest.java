package dev.anabranch.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tarball has all that it needs, and its launcher says what the machine lacks. */
@Tag("postgres")
class TarballTest {

  @TempDir private static Path temporary;
  private static Unpacked anabranch;

  @BeforeAll
  static void unpack() throws IOException {
    anabranch = Unpacked.into(temporary.resolve("with a space"));
  }

  @Test
  void itIsOneDirectory() throws IOException {
    Unpacked.Outcome listed =
        Unpacked.run(
            temporary,
            Map.of("PATH", "/usr/bin:/bin"),
            List.of("tar", "-tzf", Unpacked.TARBALL.toString()));
    assertThat(listed.printed().lines())
        .isNotEmpty()
        .allMatch(entry -> entry.startsWith("anabranch-" + Unpacked.VERSION + "/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LICENSE",
        "README.md",
        "docs/README.md",
        "docs/install.md",
        "systemd/anabranch.service",
        "completion/anabranch.bash"
      })
  void itHas(String file) {
    assertThat(anabranch.directory().resolve(file)).isReadable();
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "cli"})
  void everyJarThatIsNeededIsThere(String program) throws IOException {
    Path lib = anabranch.directory().resolve("lib");
    Path started = lib.resolve("dev.anabranch." + program + "-" + Unpacked.VERSION + ".jar");
    try (JarFile jar = new JarFile(started.toFile())) {
      String needed = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      assertThat(needed.split(" "))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(lib.resolve(name)).isRegularFile());
    }
  }

  @Test
  void itSaysWhichVersionItIs() throws IOException {
    Unpacked.Outcome outcome = anabranch.anabranch("--version");
    assertThat(outcome.printed().strip())
        .matches("anabranch \\Q" + Unpacked.VERSION + "\\E( \\(commit [0-9a-f]+(-dirty)?\\))?");
    assertThat(outcome.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "up --help", "demo --help", "storage --help", "branch create --help"})
  void itTeaches(String command) throws IOException {
    Unpacked.Outcome outcome = anabranch.anabranch(command.split(" "));
    assertThat(outcome.printed()).startsWith("Usage: anabranch").contains("--");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void exitCodesComeThrough() throws IOException {
    assertThat(anabranch.anabranch("branhc").exitCode()).isEqualTo(2);
    assertThat(anabranch.anabranch("storage", "chekc").exitCode()).isEqualTo(2);
  }

  @Test
  void itIsFoundThroughSymbolicLinks() throws IOException {
    Path first = Files.createSymbolicLink(temporary.resolve("first"), anabranch.launcher());
    Path second = Files.createSymbolicLink(temporary.resolve("second"), first.getFileName());
    Unpacked.Outcome outcome =
        Unpacked.run(
            temporary, Unpacked.bareEnvironment(), List.of(second.toString(), "--version"));
    assertThat(outcome.printed()).startsWith("anabranch " + Unpacked.VERSION);
  }

  @Test
  void anOlderJavaThatWasNamedIsRefusedInOneSentence() throws IOException {
    Path old = javaOf("21.0.8", temporary.resolve("old"));
    Unpacked.Outcome outcome = withEnvironment(Map.of("ANABRANCH_JAVA", old.toString()));
    assertThat(outcome.printed())
        .isEqualTo(
            "ANABRANCH_JAVA is "
                + old
                + ", which is no java of version 25 or newer: let it name one, or unset it.\n");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void anOlderJavaThatIsThereIsPassedOver() throws IOException {
    Path old = temporary.resolve("passed");
    javaOf("21.0.8", old);
    Path newer = program(temporary.resolve("newer/java"), "exec '" + Unpacked.JAVA + "' \"$@\"\n");
    Unpacked.Outcome outcome =
        withEnvironment(
            Map.of("JAVA_HOME", old.toString(), "PATH", newer.getParent() + ":/usr/bin:/bin"));
    assertThat(outcome.printed()).startsWith("anabranch " + Unpacked.VERSION);
  }

  @Test
  void systemdReadsItsUnit() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/systemd-analyze")),
        "SKIPPED: this machine has no systemd-analyze");
    Path unit = Files.createDirectories(temporary.resolve("unit")).resolve("anabranch.service");
    Files.writeString(
        unit,
        Files.readString(anabranch.directory().resolve("systemd/anabranch.service"))
            .replace("/opt/anabranch/bin/anabranch", "/bin/true"));
    assertThat(
            Unpacked.run(
                temporary,
                Map.of("PATH", "/usr/bin:/bin"),
                List.of("systemd-analyze", "--man=no", "verify", unit.toString())))
        .isEqualTo(new Unpacked.Outcome(0, ""));
  }

  private static Unpacked.Outcome withEnvironment(Map<String, String> environment)
      throws IOException {
    return Unpacked.run(
        temporary,
        environment.containsKey("PATH")
            ? environment
            : Map.of("PATH", "/usr/bin:/bin", "ANABRANCH_JAVA", environment.get("ANABRANCH_JAVA")),
        List.of(anabranch.launcher().toString(), "--version"));
  }

  /** A program that says that it is that Java, and is nothing else. */
  private static Path javaOf(String version, Path home) throws IOException {
    return program(
        home.resolve("bin/java"), "echo 'openjdk version \"" + version + "\" 2025-07-15' >&2\n");
  }

  private static Path program(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
