package dev.anabranch.branch.mirror;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Installation;
import dev.anabranch.cluster.SystemUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A first copy of main's data directory: from the files themselves when main runs on this host and
 * we may read them, with {@code pg_basebackup} otherwise. The log needed to make it consistent is
 * kept by the mirror's slot and streamed later.
 */
record BaseBackup(MainAddress main, Installation installation, SystemUser user, Storage storage) {

  /**
   * Leaves a whole data directory at the target; on failure the target is the caller's to remove.
   */
  void into(Path target) {
    Optional<Path> local = localFiles();
    if (local.isPresent()) {
      copyFiles(local.get(), target);
    } else if (installation.program("pg_basebackup").isPresent()) {
      runBaseBackup(target);
    } else {
      throw new AnabranchException(
          ErrorCode.MAIN_NOT_READY,
          "\n  it runs on another host and this one has no pg_basebackup of Postgres "
              + installation.major()
              + ": install the client programs of that version, or point --postgres-bin at them.");
    }
  }

  /**
   * Main's data directory, if the path it names is, on this host, the directory of that very
   * cluster.
   */
  private Optional<Path> localFiles() {
    try (Connection connection = main.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('data_directory', true), (SELECT system_identifier FROM"
                    + " pg_control_system())")) {
      row.next();
      Path data = Path.of(String.valueOf(row.getString(1)));
      return Files.isReadable(data.resolve("global").resolve("pg_control"))
              && DataDirectory.systemIdentifier(data) == row.getLong(2)
          ? Optional.of(data)
          : Optional.empty();
    } catch (SQLException | IOException e) {
      return Optional.empty(); // not ours to read: the ordinary way is open
    }
  }

  private void copyFiles(Path source, Path target) {
    try (Connection connection = main.connect()) {
      execute(connection, "SELECT pg_backup_start('anabranch', true)");
      storage.copyLive(
          source,
          target,
          DataDirectory.withoutSlots()
              .and(DataDirectory.withoutWal())
              .and(relative -> !relative.endsWith(Path.of("global", "pg_control"))));
      // The control file last: recovery must not look for log that older files do not need.
      Path control = Path.of("global", "pg_control");
      Files.copy(
          source.resolve(control), target.resolve(control), StandardCopyOption.COPY_ATTRIBUTES);
      Path archived = target.resolve("pg_wal").resolve("archive_status");
      Files.createDirectories(archived);
      Files.setPosixFilePermissions(archived, PosixFilePermissions.fromString("rwx------"));
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        row.next();
        Path label = Files.writeString(target.resolve("backup_label"), row.getString(1));
        user.own(label);
      }
      user.own(target);
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "backing up main for the mirror",
          String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("copying main's files to " + target, e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  private void runBaseBackup(Path target) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-D", target.toString(), "-X", "none", "-c", "fast", "--no-password"));
    Map<String, String> conninfo = main.conninfo();
    arguments.addAll(List.of("-d", Conninfo.text(conninfo)));
    Map<String, String> environment =
        main.password().map(word -> Map.of("PGPASSWORD", word)).orElseGet(Map::of);
    Path parent = target.getParent();
    if (parent != null) {
      user.makePrivateDirectory(parent);
    }
    installation.run(
        user, "copying main with pg_basebackup", environment, "pg_basebackup", arguments);
  }
}
