package dev.anabranch.server.schema;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.branch.golden.GoldenSurvey;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Two snapshots of the catalogs for each golden image, in the control database: what main's said at
 * the fork point, and what each of its branches started with.
 */
public final class ForkSchemas implements GoldenSurvey {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new SimpleModule().addKeyDeserializer(TableId.class, new TableKey()))
          .build();

  private final Jdbi control;

  /** Which of the two. */
  private enum Kind {
    AS_MAIN,
    AS_BRANCH
  }

  public ForkSchemas(DataSource control) {
    this.control = Jdbi.create(control);
  }

  @Override
  public void asMain(Connection connection, Lsn forkLsn) {
    keep(connection, forkLsn, Kind.AS_MAIN);
  }

  @Override
  public void asBranch(Connection connection, Lsn forkLsn) {
    keep(connection, forkLsn, Kind.AS_BRANCH);
  }

  /** Main's catalogs at the fork point. */
  public SchemaSnapshot ofMain(Lsn forkLsn) {
    return load(forkLsn, Kind.AS_MAIN);
  }

  /** The catalogs of a branch before its client had done anything. */
  public SchemaSnapshot ofBranch(Lsn forkLsn) {
    return load(forkLsn, Kind.AS_BRANCH);
  }

  /** Forgets all but these fork points. */
  public void keepOnly(Collection<Lsn> forkLsns) {
    List<String> texts = forkLsns.stream().map(Lsn::toString).toList();
    control.useHandle(
        handle ->
            handle
                .createUpdate("DELETE FROM fork_schemas WHERE NOT fork_lsn = ANY (cast(:kept AS pg_lsn[]))")
                .bind("kept", "{" + String.join(",", texts) + "}")
                .execute());
  }

  private void keep(Connection connection, Lsn forkLsn, Kind kind) {
    String json;
    try {
      json = JSON.writeValueAsString(SchemaReader.read(connection, forkLsn));
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED, e, "reading the catalogs of a golden image", String.valueOf(e.getMessage()));
    }
    control.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO fork_schemas (fork_lsn, kind, snapshot) VALUES (cast(:lsn AS pg_lsn), :kind, cast(:json AS jsonb))"
                        + " ON CONFLICT (fork_lsn, kind) DO UPDATE SET snapshot = excluded.snapshot")
                .bind("lsn", forkLsn.toString())
                .bind("kind", kind.name())
                .bind("json", json)
                .execute());
  }

  private SchemaSnapshot load(Lsn forkLsn, Kind kind) {
    String json =
        control.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT snapshot::text FROM fork_schemas WHERE fork_lsn = cast(:lsn AS pg_lsn) AND kind = :kind")
                    .bind("lsn", forkLsn.toString())
                    .bind("kind", kind.name())
                    .mapTo(String.class)
                    .findOne()
                    .orElseThrow(
                        () ->
                            new AnabranchException(
                                ErrorCode.CHECK_FAILED, "the catalogs at fork point " + forkLsn + " are not kept.")));
    return JSON.readValue(json, SchemaSnapshot.class);
  }

  /** {@link TableId#toString()} back. */
  private static final class TableKey extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return new TableId(Long.parseLong(key));
    }
  }
}
