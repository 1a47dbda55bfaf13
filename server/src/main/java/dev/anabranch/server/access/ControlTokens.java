package dev.anabranch.server.access;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/** Tokens in the control database. */
public final class ControlTokens implements TokenStore {

  private final Jdbi jdbi;

  public ControlTokens(DataSource control) {
    this.jdbi = Jdbi.create(control);
    // What is bound is not for logs.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
  }

  @Override
  public List<Kept> all() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT id, name, hash, rights, created_at, expires_at, revoked_at FROM tokens"
                    + " ORDER BY created_at DESC, id")
            .map(ControlTokens::kept)
            .list());
  }

  private static Kept kept(ResultSet row, StatementContext context) throws SQLException {
    return new Kept(
        new ApiToken(
            row.getString("id"),
            row.getString("name"),
            rights(row.getArray("rights")),
            row.getTimestamp("created_at").toInstant(),
            Optional.ofNullable(row.getTimestamp("expires_at")).map(Timestamp::toInstant),
            Optional.ofNullable(row.getTimestamp("revoked_at")).map(Timestamp::toInstant)),
        row.getString("hash"));
  }

  /** A right that this version does not know gives nothing. */
  private static Set<Right> rights(Array words) throws SQLException {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (Object word : (Object[]) words.getArray()) {
      Right.of(word.toString()).ifPresent(rights::add);
    }
    return rights;
  }

  @Override
  public void add(Kept kept) {
    ApiToken token = kept.token();
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "INSERT INTO tokens (id, name, hash, rights, created_at, expires_at) VALUES (:id,"
                    + " :name, :hash, string_to_array(:rights, ','), :created, :expires)")
            .bind("id", token.id())
            .bind("name", token.name())
            .bind("hash", kept.hash())
            .bind("rights", String.join(",", token.rights().stream().map(Right::word).toList()))
            .bind("created", token.createdAt())
            .bindByType("expires", token.expiresAt().orElse(null), Instant.class)
            .execute());
  }

  @Override
  public void revoke(String id, Instant at) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "UPDATE tokens SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL")
            .bind("at", at)
            .bind("id", id)
            .execute());
  }
}
