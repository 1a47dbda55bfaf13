package dev.anabranch.server.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.SystemUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier version left for everybody's eyes is for ours. */
class PrivateHomeTest {

  @TempDir private Path directory;

  private Path made(String name, String mode) throws IOException {
    Path path = directory.resolve("data").resolve(name);
    Files.createDirectories(path.getParent());
    if (mode.contains("x")) {
      Files.createDirectories(path);
    } else {
      Files.writeString(path, "secret");
    }
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void ownUser() throws IOException {
    mended(new SystemUser.Ourselves(), "rwx------");
  }

  @Test
  void postgresOfAnotherUserMayPass() throws IOException {
    mended(new SystemUser.Unprivileged("postgres", 100, 100), "rwx--x--x");
  }

  private void mended(SystemUser user, String passable) throws IOException {
    Path journal = made("journal", "rwxr-xr-x");
    Path answers = made("journal/1.journal1", "rw-r--r--");
    Path branches = made("branches", "rwxr-xr-x");
    Path cluster = made("branches/7", "rwx------");
    Path log = made("control.log", "rw-rw-rw-");
    Path key = made("seal.key", "r--------");
    Path binaries = made("postgres", "rwxr-xr-x");
    Path data = directory.resolve("data");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "not ours");
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-r--r--"));
    Files.createSymbolicLink(data.resolve("link"), elsewhere);

    PrivateHome.mend(DataLayout.of(data), user);

    assertThat(mode(data)).isEqualTo(passable);
    assertThat(mode(branches)).isEqualTo(passable);
    assertThat(mode(journal)).isEqualTo(passable);
    assertThat(mode(cluster)).isEqualTo("rwx------");
    assertThat(mode(answers)).isEqualTo("rw-------");
    assertThat(mode(log)).isEqualTo("rw-------");
    assertThat(mode(key)).isEqualTo("r--------");
    assertThat(mode(binaries)).isEqualTo("rwxr-xr-x");
    assertThat(mode(elsewhere)).isEqualTo("rw-r--r--");
  }

  @Test
  void aDirectoryThatEverybodyWritesToIsNotShut() throws IOException {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    PrivateHome.mend(DataLayout.of(shared), new SystemUser.Ourselves());
    assertThat(mode(shared)).isEqualTo("rwxrwxrwx");
  }
}
