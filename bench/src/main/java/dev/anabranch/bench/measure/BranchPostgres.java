package dev.anabranch.bench.measure;

import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.trials.drive.PostgresProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Postgres of a branch or a spare.
 *
 * @param socket where it listens
 */
public record BranchPostgres(PostgresProcess process, Path socket) {

  private static final int SOCKET_LINE = 4;
  private static final String SOCKET_NAME = ".s.PGSQL.5432";

  /** Every branch and spare that runs. */
  public static List<BranchPostgres> running(Ground ground) throws IOException {
    List<BranchPostgres> found = new ArrayList<>();
    Path branches = DataLayout.of(ground.server().data()).branches();
    for (PostgresProcess process : PostgresProcess.below(branches)) {
      String directory =
          Files.readAllLines(process.data().resolve("postmaster.pid")).get(SOCKET_LINE);
      found.add(new BranchPostgres(process, Path.of(directory, SOCKET_NAME)));
    }
    return found;
  }

  /** A session past the gateway, as the client's role. */
  public ThinClient connect(String database) throws IOException {
    return ThinClient.connect(socket, Roles.CLIENT, database);
  }
}
