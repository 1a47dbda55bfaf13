package dev.anabranch.branch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a storage program may fail, by its contract in docs/storage.md, and what comes of it. */
class ExternalCommandTest {

  private static final Path SAMPLE =
      Path.of(System.getProperty("anabranch.root"), "docs", "examples", "storage-copy");

  @TempDir private Path directory = Path.of("unset");
  private Path source = Path.of("unset");
  private Path target = Path.of("unset");

  @BeforeEach
  void prepare() throws IOException {
    source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
    target = Files.createDirectories(directory.resolve("branch")).resolve("data");
  }

  /** A program that says these lines of shell before it does what the sample does. */
  private ExternalCommand program(Duration timeout, String... lines) throws IOException {
    Path program = directory.resolve("program");
    Files.writeString(
        program,
        "#!/usr/bin/env bash\ncd '"
            + directory
            + "'\n"
            + String.join("\n", lines)
            + "\nexec '"
            + SAMPLE
            + "' \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new ExternalCommand(program, timeout);
  }

  private ExternalCommand program(String... lines) throws IOException {
    return program(ExternalCommand.USUAL_TIMEOUT, lines);
  }

  private void assertCreateFails(ExternalCommand command, ErrorCode code, String message) {
    assertThatThrownBy(() -> command.copy(source, target, path -> true))
        .isInstanceOfSatisfying(AnabranchException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  @Test
  void anAttemptThatHangsIsKilledAndMadeAgain() throws IOException {
    ExternalCommand command =
        program(
            Duration.ofSeconds(2),
            "if mkdir first 2>/dev/null; then sleep 600 & echo $! >sleeper; wait; fi");
    command.copy(source, target, path -> true);
    assertThat(target.resolve("file")).hasContent("content");
    long sleeper = Long.parseLong(Files.readString(directory.resolve("sleeper")).strip());
    Await.until( // its children are killed with it
        () -> ProcessHandle.of(sleeper).filter(ProcessHandle::isAlive).isEmpty(),
        Duration.ofSeconds(10));
  }

  @Test
  void itIsAskedAgainWhenItSaysSoAndNotForEver() throws IOException {
    program("echo x >>attempts", "[ $(wc -l <attempts) -ge 3 ] || exit 75")
        .copy(source, target, path -> true);
    assertThat(target.resolve("file")).hasContent("content");
    assertCreateFails(
        program("echo '{\"error\":\"busy\"}'; exit 75"),
        ErrorCode.STORAGE_COMMAND_FAILED,
        "busy, 3 times in a row");
  }

  @Test
  void aTargetThatIsThereAlreadyOrHalfMadeIsNoError() throws IOException {
    ExternalCommand command = program();
    command.copy(source, target, path -> true);
    command.copy(source, target, path -> true);
    command.remove(target);
    Files.createFile(
        Files.createDirectories(target.resolveSibling("data.partial")).resolve("half"));
    command.copy(source, target, path -> true);
    command.remove(target);
    command.remove(target);
    assertThat(directory.resolve("branch")).isEmptyDirectory();
  }

  @Test
  void eachWayToFailIsToldInOneSentence() throws IOException {
    assertCreateFails(
        program("echo '{\"error\":\"the pool is offline\"}'; exit 1"),
        ErrorCode.STORAGE_COMMAND_FAILED,
        "failed at 'create' (the pool is offline)");
    assertCreateFails(
        program("echo 'no such pool' >&2; exit 4"),
        ErrorCode.STORAGE_COMMAND_FAILED,
        "it ended with status 4 (no such pool)");
    assertCreateFails(
        program("echo done; exit 0"), ErrorCode.STORAGE_COMMAND_FAILED, "its answer is no JSON");
    assertCreateFails(
        program("echo '{\"error\":\"quota\",\"full\":true}'; exit 1"),
        ErrorCode.STORAGE_FULL,
        "is full");
    assertCreateFails(
        program("exit 0"), ErrorCode.STORAGE_COMMAND_FAILED, "there is no such directory");
    assertCreateFails(
        program("mkdir -p branch/data; chmod 711 branch/data; exit 0"),
        ErrorCode.STORAGE_COMMAND_FAILED,
        "has not got the owner and the mode");
  }

  @Test
  void itHearsNothingOfOurSettings() throws IOException {
    program("env >environment").copy(source, target, path -> true);
    assertThat(Files.readString(directory.resolve("environment"))).doesNotContain("ANABRANCH_");
  }

  @Test
  void whatItMadeIsRemovedByItWhateverTheSettingIsNow() throws IOException {
    program("echo $1 >>verbs").copy(source, target, path -> true);
    Storage later =
        new Storage(
            DataLayout.of(directory),
            SystemUser.choose(Optional.empty()),
            Optional.of(new FullCopy()));
    later.delete(directory.resolve("branch"));
    assertThat(directory.resolve("verbs")).hasContent("create\ndestroy\n");
    assertThat(directory.resolve("branch")).doesNotExist();
  }

  @Test
  void whatItCanNotRemoveKeepsItsMark() throws IOException {
    ExternalCommand command = program("if [ $1 = destroy ] && [ -e stuck ]; then exit 1; fi");
    command.copy(source, target, path -> true);
    Files.createFile(directory.resolve("stuck"));
    assertThatThrownBy(() -> command.remove(target)).isInstanceOf(AnabranchException.class);
    Files.delete(directory.resolve("stuck"));
    assertThat(ExternalCommand.makerOf(target)).isPresent();
    command.remove(target);
    assertThat(directory.resolve("branch")).isEmptyDirectory();
  }
}
