package dev.anabranch.branch;

import dev.anabranch.base.BranchId;
import java.nio.file.Path;

/**
 * Where a running branch is reached, for the gateway.
 *
 * @param branch this life of the branch
 * @param socketDirectory holds its unix socket {@code .s.PGSQL.5432}
 * @param database the real name of its database
 * @param role what its client logs in as; no password is asked there
 */
public record Endpoint(BranchId branch, Path socketDirectory, String database, String role) {

  /** The socket itself. */
  public Path socket() {
    return socketDirectory.resolve(".s.PGSQL.5432");
  }
}
