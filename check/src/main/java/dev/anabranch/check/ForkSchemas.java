package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.golden.GoldenSurvey;
import dev.anabranch.mainfeed.schema.Definitions;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.lang.ref.SoftReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Keeps the definitions that each golden image was cut with, for as long as the image is kept. */
public final class ForkSchemas implements GoldenSurvey {

  private record Image(Lsn forkLsn, Side side) {}

  private final Jdbi control;

  /** An image that was cut since main's catalogs last moved has the same in it. */
  private final Definitions ofMain = new Definitions();

  private final Map<Image, SoftReference<SchemaSnapshot>> read = new ConcurrentHashMap<>();

  /** Which database. */
  public enum Side {
    /** Physically main at the fork point. */
    MAIN,
    /** After preparation: what every branch starts from. */
    BRANCH
  }

  /**
   * @param control a pool on the control database
   */
  public ForkSchemas(DataSource control) {
    this.control = Jdbi.create(control);
  }

  @Override
  public void asMain(Connection connection, Lsn forkLsn) {
    forgetDroppedImages(forkLsn);
    keep(() -> ofMain(connection, forkLsn), forkLsn, Side.MAIN);
  }

  /** Those of a copy that is physically main, of which none are kept. */
  SchemaSnapshot ofMain(Connection connection, Lsn position) throws SQLException {
    return ofMain.read(connection, position);
  }

  @Override
  public void asBranch(Connection connection, Lsn forkLsn) {
    keep(() -> SchemaReader.read(connection, forkLsn), forkLsn, Side.BRANCH);
  }

  /** Reads an image's definitions. */
  private interface Look {
    SchemaSnapshot read() throws SQLException;
  }

  private void keep(Look look, Lsn forkLsn, Side side) {
    read.remove(new Image(forkLsn, side));
    try {
      SchemaSnapshot snapshot = look.read();
      String body = SnapshotJson.write(snapshot);
      control.useHandle(handle ->
          handle
              .createUpdate(
                  """
                  INSERT INTO fork_schemas (fork_lsn, side, body) VALUES (:lsn::pg_lsn, :side, :body::jsonb)
                  ON CONFLICT (fork_lsn, side) DO UPDATE SET body = excluded.body
                  """)
              .bind("lsn", forkLsn.toString())
              .bind("side", side.name())
              .bind("body", body)
              .execute());
      read.put(new Image(forkLsn, side), new SoftReference<>(snapshot));
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "reading a golden image's definitions",
          Analyst.firstLine(e));
    }
  }

  private void forgetDroppedImages(Lsn except) {
    read.values().removeIf(reference -> reference.get() == null);
    control.useHandle(handle ->
        handle
            .createUpdate(
                """
                DELETE FROM fork_schemas s WHERE s.fork_lsn <> :lsn::pg_lsn
                  AND NOT EXISTS (SELECT FROM golden_images g WHERE g.fork_lsn = s.fork_lsn)
                """)
            .bind("lsn", except.toString())
            .execute());
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#CHECK_FAILED} when they were not kept
   */
  public SchemaSnapshot at(Lsn forkLsn, Side side) {
    SoftReference<SchemaSnapshot> reference = read.get(new Image(forkLsn, side));
    SchemaSnapshot known = reference == null ? null : reference.get();
    if (known != null) {
      return known;
    }
    SchemaSnapshot snapshot = fetch(forkLsn, side);
    read.put(new Image(forkLsn, side), new SoftReference<>(snapshot));
    return snapshot;
  }

  /**
   * What a life of a branch began with. Its sequences stand where the numbers that its work has
   * drawn begin.
   *
   * @throws AnabranchException with {@link ErrorCode#CHECK_FAILED} when that was not kept
   */
  SchemaSnapshot of(Branch branch) {
    return at(branch.forkLsn(), Side.BRANCH).withSequences(starts(branch.id()));
  }

  /** Where a life's sequences began, those of which it was said. */
  public Map<TableId, Long> starts(BranchId life) {
    Map<TableId, Long> starts = new HashMap<>();
    control.useHandle(handle ->
        handle
            .createQuery("SELECT sequence, after FROM sequence_starts WHERE branch_id = :life")
            .bind("life", life.value())
            .map((row, context) ->
                starts.put(new TableId(row.getLong("sequence")), row.getLong("after")))
            .list());
    return starts;
  }

  /** Says where a life's sequences began, before anybody can reach it. */
  public void begin(BranchId life, Map<TableId, Long> starts) {
    control.useTransaction(handle -> {
      handle.execute(
          "DELETE FROM sequence_starts s WHERE NOT EXISTS (SELECT FROM branches b WHERE b.id ="
              + " s.branch_id)");
      starts.forEach((sequence, after) ->
          handle.execute(
              "INSERT INTO sequence_starts (branch_id, sequence, after) VALUES (?, ?, ?)",
              life.value(),
              sequence.oid(),
              after));
    });
  }

  private SchemaSnapshot fetch(Lsn forkLsn, Side side) {
    Optional<String> body =
        control.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT body FROM fork_schemas WHERE fork_lsn = :lsn::pg_lsn AND side = :side")
                .bind("lsn", forkLsn.toString())
                .bind("side", side.name())
                .mapTo(String.class)
                .findOne());
    return body.map(SnapshotJson::read)
        .orElseThrow(() ->
            new AnabranchException(
                ErrorCode.CHECK_FAILED,
                "the "
                    + side.name().toLowerCase(Locale.ROOT)
                    + " definitions at "
                    + forkLsn
                    + " were not kept"));
  }
}
