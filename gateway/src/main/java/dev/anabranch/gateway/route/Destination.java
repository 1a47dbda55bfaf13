package dev.anabranch.gateway.route;

import dev.anabranch.base.BranchId;
import java.nio.file.Path;

/**
 * Where a branch's Postgres listens.
 *
 * @param branch this life of it, or the view that is its own
 * @param socket its unix socket, as in {@code …/.s.PGSQL.5432}
 * @param user the role that the client has inside
 * @param database the database's real name
 * @param recorded whether what clients are answered there is kept in the ledger
 */
public record Destination(
    BranchId branch, Path socket, String user, String database, boolean recorded) {}
