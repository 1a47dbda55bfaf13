package dev.anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.cluster.Cluster.StopMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class ClusterTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final SystemUser user = SystemUser.choose(Optional.empty());
  private final Installation installation =
      Installation.embedded(
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "anabranch-postgres-" + System.getProperty("user.name")));
  private Path home;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createTempDirectory("anabranch-cluster-");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void removeHome() throws IOException {
    cluster(Map.of()).stop(StopMode.IMMEDIATE);
    Trees.delete(home);
  }

  private Cluster cluster(Map<String, String> settings) {
    return cluster(home.resolve("run"), settings);
  }

  private Cluster cluster(Path sockets, Map<String, String> settings) {
    return new Cluster(
        installation,
        user,
        new ClusterSpec(
            home.resolve("data"),
            sockets,
            OptionalInt.empty(),
            settings,
            List.of(),
            home.resolve("postgres.log")));
  }

  private Cluster started(Map<String, String> settings) {
    Cluster cluster = cluster(settings);
    cluster.initialise(Optional.empty());
    cluster.start(PATIENCE);
    return cluster;
  }

  private static String setting(Cluster cluster, String name) throws Exception {
    try (Connection connection = cluster.connect("postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void itIsFoundRunningByAnotherProcessAndNotStartedTwice() {
    Cluster first = started(Map.of());
    Cluster other = cluster(Map.of());
    assertThat(other.state()).isEqualTo(first.state()).isInstanceOf(ClusterState.Ready.class);
    other.start(PATIENCE);
    assertThat(other.pid()).isEqualTo(first.pid());
    other.stop(StopMode.FAST);
    assertThat(first.state()).isEqualTo(new ClusterState.Stopped());
  }

  @Test
  void itKnowsThatAReusedProcessNumberIsNotItsOwn() throws Exception {
    Cluster cluster = started(Map.of("fsync", "off"));
    List<String> lines = Files.readAllLines(home.resolve("data").resolve("postmaster.pid"));
    cluster.stop(StopMode.FAST);
    lines.set(0, Long.toString(ProcessHandle.current().pid()));
    Files.write(home.resolve("data").resolve("postmaster.pid"), lines);
    assertThat(cluster.state()).isEqualTo(new ClusterState.Stopped());
    cluster.stop(StopMode.IMMEDIATE); // must not hit us
    assertThat(ProcessHandle.current().isAlive()).isTrue();
  }

  @Test
  void itsSettingsAreOursWhateverTheDirectorySays() throws Exception {
    Cluster cluster = started(Map.of("work_mem", "7MB", "application_name", "it's \\ here"));
    cluster.stop(StopMode.FAST);
    Files.writeString(
        home.resolve("data").resolve("postgresql.conf"),
        "listen_addresses = '*'\nwork_mem = '1MB'\n");
    Files.writeString(home.resolve("data").resolve("postgresql.auto.conf"), "work_mem = '2MB'\n");
    cluster.forgetForeignSettings();
    cluster.start(PATIENCE);
    assertThat(setting(cluster, "work_mem")).isEqualTo("7MB");
    assertThat(setting(cluster, "listen_addresses")).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("run"))))
        .isEqualTo("rwx------");
  }

  @Test
  void aStartThatFailsQuotesTheLog() {
    Cluster cluster = cluster(Map.of("no_such_setting", "1"));
    cluster.initialise(Optional.empty());
    assertThatThrownBy(() -> cluster.start(PATIENCE))
        .isInstanceOf(AnabranchException.class)
        .hasMessageContaining("no_such_setting");
    assertThat(cluster.state()).isEqualTo(new ClusterState.Stopped());
  }

  @Test
  void aSocketPathThatIsTooLongIsRefusedBeforeAnythingStarts() {
    assertThatThrownBy(() -> cluster(home.resolve("x".repeat(100)), Map.of()))
        .isInstanceOf(AnabranchException.class)
        .hasMessageContaining("107 bytes");
  }

  @Test
  void aDirectoryThatPostgresMayNotEnterIsNamed() throws IOException {
    if (user instanceof SystemUser.Unprivileged) {
      Path closed = home.resolve("closed");
      Files.createDirectory(closed);
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
      assertThatThrownBy(() -> user.makePrivateDirectory(closed.resolve("data")))
          .isInstanceOf(AnabranchException.class)
          .hasMessageContaining("chmod a+x " + closed);
    } else {
      assertThat(user.makePrivateDirectory(home.resolve("open"))).isDirectory();
    }
  }
}
