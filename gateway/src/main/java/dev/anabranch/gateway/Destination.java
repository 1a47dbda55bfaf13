package dev.anabranch.gateway;

import java.nio.file.Path;

/**
 * Where a branch's Postgres listens.
 *
 * @param socket its unix socket, as in {@code …/.s.PGSQL.5432}
 * @param user the role that the client has inside
 * @param database the database's real name
 */
public record Destination(Path socket, String user, String database) {}
