package dev.anabranch.trials.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.Exchange;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Runs the session in docs/storage.md: it makes and mounts a volume. */
class StorageDocTest {

  private static final Path PAGE =
      Path.of(System.getProperty("anabranch.root"), "docs", "storage.md");
  private static final String PREFIX = "anabranch-storagedoc-";

  @Test
  void theSessionInThePageIsReal() throws Exception {
    removeThoseOfTheDead();
    Path directory = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
    try {
      Assumptions.assumeTrue(
          Exchange.run(directory, Map.of(), "id -u; command -v mkfs.xfs").startsWith("0\n/"),
          "SKIPPED: the session in docs/storage.md needs root and mkfs.xfs");
      server(directory);
      List<Exchange> session = Exchange.allIn(PAGE);
      assertThat(session).as("commands in the page").hasSizeGreaterThan(2);
      for (Exchange exchange : session) {
        assertThat(exchange.type(directory, Map.of()))
            .as(exchange.command())
            .matches(exchange.promised());
      }
    } finally {
      remove(directory);
    }
  }

  /** A test that was killed could not unmount: its process id is in the name of what it left. */
  private static void removeThoseOfTheDead() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path home : homes) {
        String pid = home.getFileName().toString().split("-", -1)[2];
        if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          remove(home);
        }
      }
    }
  }

  private static void remove(Path home) throws Exception {
    Exchange.run(
        home.getParent() == null ? home : home.getParent(),
        Map.of(),
        "umount -l '" + home + "/volume'; rm -rf --one-file-system '" + home + "'");
  }

  /** The server's program as it was just built, under the launcher's name. */
  private static void server(Path directory) throws IOException {
    Path launcher = directory.resolve("anabranch");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' --enable-native-access=ALL-UNNAMED -cp '"
            + System.getProperty("java.class.path")
            + "' dev.anabranch.server.Main \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
