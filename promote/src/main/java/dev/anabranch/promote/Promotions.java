package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.plan.Footing;
import dev.anabranch.promote.plan.LaterWrites;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Renumbering;
import dev.anabranch.promote.plan.Written;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/**
 * The promotions in the control database: what was begun, what landed, and the receipts.
 *
 * <p>A promotion that writes is stored three times: before main is touched (without a transaction
 * id), before main's commit (with it), and after. Whatever is stored when a crash comes says what
 * to ask main: without an id nothing was committed, with one main knows.
 */
public final class Promotions {

  private final Jdbi jdbi;
  private final Undoings undoings;
  private final WrittenStore written;
  private final Optional<Duration> undoKeep;

  /** Where rows are kept as long as receipts are. */
  public Promotions(DataSource controlDatabase) {
    this(controlDatabase, Optional.empty());
  }

  /**
   * @param undoKeep how long the rows are kept by which a promotion can be undone; empty: forever
   */
  public Promotions(DataSource controlDatabase, Optional<Duration> undoKeep) {
    this.undoKeep = undoKeep;
    this.jdbi = Jdbi.create(controlDatabase);
    this.undoings = new Undoings(this.jdbi);
    // What is bound is not for logs.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    this.written = new WrittenStore(jdbi);
  }

  /** What of branches' work is on main. */
  LandedStore onMain() {
    return new LandedStore(jdbi);
  }

  /** What was decided of facts. */
  public DecisionStore decisions() {
    return new DecisionStore(jdbi);
  }

  /** How columns of main combine. */
  public MergeRuleStore rules() {
    return new MergeRuleStore(jdbi);
  }

  /** Checks of the users' own. */
  OwnCheckStore ownChecks() {
    return new OwnCheckStore(jdbi);
  }

  /** The plans that were shown. */
  PlanStore plans() {
    return new PlanStore(jdbi);
  }

  /** The receipt of a branch's last promotion that was to write, if there was one. */
  Optional<Receipt> lastReceipt(BranchId branch) {
    return jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT receipt::text FROM promotions WHERE branch_id = ? AND receipt ->>"
                        + " 'dryRun' = 'false' ORDER BY started_at DESC LIMIT 1")
                .bind(0, branch.value())
                .mapTo(String.class)
                .findOne())
        .map(ReceiptJson::read);
  }

  /**
   * A promotion that may be on main.
   *
   * @param id its id
   * @param branch the branch's life
   * @param branchName its name
   * @param mainSystem the identifier of the main it was for
   * @param transactionId main's transaction, empty before it was about to commit
   * @param receipt as it was drafted before the commit
   */
  record Begun(
      String id,
      BranchId branch,
      String branchName,
      String mainSystem,
      OptionalLong transactionId,
      Optional<Receipt> receipt) {}

  /**
   * Whose work a promotion brings to main, or takes back.
   *
   * @param branch the branch's life
   * @param name its name
   * @param undoes the promotion that it undoes, if it undoes one
   */
  record Origin(BranchId branch, String name, Optional<String> undoes) {
    static Origin of(Inspection inspection) {
      return new Origin(
          inspection.branch().id(), inspection.branch().name().value(), Optional.empty());
    }
  }

  /** What promotions wrote. */
  WrittenStore written() {
    return written;
  }

  /** Forgets the rows of promotions that were kept long enough. */
  public void forgetRows(Instant now) {
    undoKeep.ifPresent(keep -> written.forgetBefore(now.minus(keep), now));
  }

  /** Until when a promotion can be undone; empty when it can't, or always can. */
  public Optional<Instant> undoUntil(String id) {
    return undoKeep.isEmpty()
        ? Optional.empty()
        : jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT ended_at FROM promotions WHERE id = ? AND state = 'landed' AND footing"
                        + " IS NOT NULL AND rows_gone_at IS NULL")
                .bind(0, id)
                .map((row, context) ->
                    row.getObject(1, OffsetDateTime.class).toInstant().plus(undoKeep.get()))
                .findOne());
  }

  /** Since when a promotion's rows are gone, if they are. */
  Optional<Instant> rowsGone(String id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT rows_gone_at FROM promotions WHERE id = ? AND rows_gone_at IS NOT NULL")
            .bind(0, id)
            .map((row, context) -> row.getObject(1, OffsetDateTime.class).toInstant())
            .findOne());
  }

  /** Stores that a promotion is about to write on main, or about to try again. */
  void begin(String id, Origin origin, String mainSystem, Plan plan, Instant now) {
    jdbi.useTransaction(handle -> {
      handle
          .createUpdate(
              """
              INSERT INTO promotions (id, branch_id, branch_name, undoes, state, unit_ids, also_changed, plan_digest, main_system, started_at)
              VALUES (:id, :branch, :name, :undoes, 'applying', :units, CAST(:also AS jsonb), :digest, :system, :now)
              ON CONFLICT (id) DO UPDATE SET state = 'applying', unit_ids = excluded.unit_ids,
                also_changed = excluded.also_changed,
                plan_digest = excluded.plan_digest, main_xid = NULL, renumberings = '[]', receipt = NULL,
                footing = NULL
              """)
          .bind("id", id)
          .bind("branch", origin.branch().value())
          .bind("name", origin.name())
          .bind("undoes", origin.undoes().orElse(null))
          .bind("units", plan.landing().toArray(new Long[0]))
          .bind("also", WrittenJson.tables(plan.alsoChanged()))
          .bind("digest", plan.digest())
          .bind("system", mainSystem)
          .bind("now", now.atOffset(ZoneOffset.UTC))
          .execute();
      WrittenStore.forget(handle, id);
    });
  }

  /**
   * Stores what main is asked to commit next.
   *
   * @throws IllegalStateException when somebody has settled the promotion meanwhile: then it must
   *     not commit
   */
  void aboutToCommit(
      String id,
      long transactionId,
      List<Renumbering> renumberings,
      Footing footing,
      Receipt draft) {
    int updated =
        jdbi.withHandle(handle ->
            handle
                .createUpdate(
                    """
                    UPDATE promotions
                    SET main_xid = :xid, renumberings = CAST(:renumberings AS jsonb), receipt = CAST(:receipt AS jsonb),
                      footing = CAST(:footing AS jsonb)
                    WHERE id = :id AND state = 'applying'
                    """)
                .bind("id", id)
                .bind("xid", transactionId)
                .bind("renumberings", ReceiptJson.write(renumberings))
                .bind("footing", WrittenJson.write(footing))
                .bind("receipt", ReceiptJson.write(draft))
                .execute());
    if (updated != 1) {
      throw new IllegalStateException(
          "promotion " + id + " was settled while it was being applied");
    }
  }

  /** Stores that it is on main, or, the second time, what is known of it since. */
  void landed(String id, Lsn committed, Receipt receipt) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                """
                UPDATE promotions
                SET state = 'landed', committed_lsn = :lsn, receipt = CAST(:receipt AS jsonb), ended_at = :ended
                WHERE id = :id
                """)
            .bind("id", id)
            .bind("lsn", committed.toString())
            .bind("receipt", ReceiptJson.write(receipt))
            .bind("ended", receipt.endedAt().atOffset(ZoneOffset.UTC))
            .execute());
  }

  void notLanded(String id, Optional<Receipt> receipt, Instant now) {
    jdbi.useTransaction(handle -> {
      handle
          .createUpdate(
              """
              UPDATE promotions
              SET state = 'not_landed', receipt = coalesce(CAST(:receipt AS jsonb), receipt), ended_at = :now
              WHERE id = :id AND state = 'applying'
              """)
          .bind("id", id)
          .bind("receipt", receipt.map(ReceiptJson::write).orElse(null))
          .bind("now", now.atOffset(ZoneOffset.UTC))
          .execute();
      handle.execute(
          "DELETE FROM promotion_writes WHERE promotion_id = ? AND EXISTS (SELECT FROM promotions"
              + " WHERE id = ? AND state = 'not_landed')",
          id,
          id);
    });
  }

  /** Stores a promotion that wrote nothing on main, and is not on it. */
  void keep(Origin origin, Receipt receipt) {
    keep(origin, receipt, false, Map.of());
  }

  /**
   * Stores a promotion that wrote nothing on main.
   *
   * @param landed whether main has had all of it
   * @param alsoChanged as {@link Plan#alsoChanged()}
   */
  void keep(Origin origin, Receipt receipt, boolean landed, Map<Long, Set<TableId>> alsoChanged) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                """
                INSERT INTO promotions (id, branch_id, branch_name, undoes, state, unit_ids, also_changed, plan_digest,
                  main_system, receipt, started_at, ended_at)
                VALUES (:id, :branch, :name, :undoes, :state, :units, CAST(:also AS jsonb), '', :system,
                  CAST(:receipt AS jsonb), :started, :ended)
                ON CONFLICT (id) DO UPDATE SET state = excluded.state, unit_ids = excluded.unit_ids,
                  also_changed = excluded.also_changed, receipt = excluded.receipt, ended_at = excluded.ended_at
                """)
            .bind("id", receipt.id())
            .bind("branch", origin.branch().value())
            .bind("name", origin.name())
            .bind("undoes", origin.undoes().orElse(null))
            .bind("state", landed ? "landed" : "not_landed")
            .bind("units", landed ? receipt.landed().toArray(new Long[0]) : new Long[0])
            .bind("also", WrittenJson.tables(alsoChanged))
            .bind("system", receipt.mainSystem())
            .bind("receipt", ReceiptJson.write(receipt))
            .bind("started", receipt.startedAt().atOffset(ZoneOffset.UTC))
            .bind("ended", receipt.endedAt().atOffset(ZoneOffset.UTC))
            .execute());
  }

  /** Whether there is a promotion of the branch of which it is not known whether it is on main. */
  boolean isOpen(BranchId branch) {
    return unsettled().stream().anyMatch(begun -> begun.branch().equals(branch));
  }

  /** The promotions of which it is not known whether they are on main. */
  List<Begun> unsettled() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM promotions WHERE state = 'applying' ORDER BY started_at")
            .map((row, context) -> begun(row))
            .list());
  }

  /**
   * A receipt.
   *
   * @throws AnabranchException RECEIPT_UNKNOWN when there is none of this id
   */
  public Receipt receipt(String id) {
    return jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT receipt::text FROM promotions WHERE id = ? AND receipt IS NOT NULL")
                .bind(0, id)
                .mapTo(String.class)
                .findOne())
        .map(ReceiptJson::read)
        .orElseThrow(() -> new AnabranchException(ErrorCode.RECEIPT_UNKNOWN, id));
  }

  /**
   * A promotion that may be undone.
   *
   * @param id its id
   * @param origin whose work it was; an undoing undoes another
   * @param mainSystem the identifier of the main that it wrote
   * @param landed whether it is on main
   * @param units the ids of the units that it brought there, or took back
   * @param footing what it stood on, empty when it wrote nothing or its rows were not kept
   * @param receipt its receipt
   */
  record Past(
      String id,
      Origin origin,
      String mainSystem,
      boolean landed,
      List<Long> units,
      Optional<Footing> footing,
      Receipt receipt) {}

  /**
   * A promotion that has ended.
   *
   * @throws AnabranchException RECEIPT_UNKNOWN when there is none of this id
   */
  Past past(String id) {
    return jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT id, branch_id, branch_name, undoes, main_system, state, unit_ids,"
                        + " footing::text, receipt::text FROM promotions WHERE id = ? AND receipt"
                        + " IS NOT NULL")
                .bind(0, id)
                .map((row, context) -> past(row))
                .findOne())
        .orElseThrow(() -> new AnabranchException(ErrorCode.RECEIPT_UNKNOWN, id));
  }

  private static Past past(ResultSet row) throws SQLException {
    return new Past(
        row.getString("id"),
        new Origin(
            new BranchId(row.getLong("branch_id")),
            row.getString("branch_name"),
            Optional.ofNullable(row.getString("undoes"))),
        row.getString("main_system"),
        row.getString("state").equals("landed"),
        List.of((Long[]) row.getArray("unit_ids").getArray()),
        Optional.ofNullable(row.getString("footing")).map(WrittenJson::readFooting),
        ReceiptJson.read(row.getString("receipt")));
  }

  /** What undoings took back of promotions. */
  Undoings undoings() {
    return undoings;
  }

  /**
   * What promotions to the same main wrote since, of rows that this one wrote, and nobody took
   * back; also one of which it is not known yet whether main has it. Undoings of those, and of this
   * one, only turn them off and on again.
   */
  LaterWrites later(
      Past past, Footing footing, List<Written> written, Map<TableId, MainTable> main) {
    Map<TableId, List<Integer>> keyColumns = new HashMap<>();
    footing.tables().forEach((table, standing) -> keyColumns.put(table, standing.keyColumns()));
    LaterWrites later = new LaterWrites(keyColumns, written, main);
    List<Since> since = since(past);
    Set<String> toggled = since.stream().map(Since::id).collect(Collectors.toSet());
    toggled.add(past.id());
    for (Since one : since) {
      if (one.undoes().filter(toggled::contains).isPresent()) {
        continue;
      }
      Set<Long> units = new TreeSet<>(one.units());
      Set<Long> back = undoings.takenBack(one.id()).units();
      units.removeAll(back);
      Set<TableId> known = new HashSet<>();
      one.footing()
          .tables()
          .forEach((table, standing) -> {
            if (!one.rowsGone() && standing.keyColumns().equals(keyColumns.get(table))) {
              known.add(table);
            } else if (!units.isEmpty()) {
              later.addTable(one.id(), table);
            }
          });
      if (!back.isEmpty() && !known.isEmpty()) {
        this.written.of(one.id(), back).stream()
            .filter(row -> known.contains(row.table()))
            .forEach(later::follow);
      }
      if (!units.isEmpty() && !known.isEmpty()) {
        this.written.of(one.id(), units).stream()
            .filter(row -> known.contains(row.table()))
            .forEach(row -> later.add(one.id(), row));
      }
    }
    return later;
  }

  /** A promotion that wrote to main after another one. */
  private record Since(
      String id, Optional<String> undoes, List<Long> units, Footing footing, boolean rowsGone) {}

  private List<Since> since(Past past) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT id, undoes, unit_ids, footing::text, rows_gone_at IS NOT NULL AS gone
                FROM promotions
                WHERE footing IS NOT NULL AND main_system = :main AND (state = 'applying'
                  OR (state = 'landed' AND CAST(committed_lsn AS pg_lsn) > CAST(:after AS pg_lsn)))
                ORDER BY CAST(committed_lsn AS pg_lsn) NULLS LAST, id
                """)
            .bind("main", past.mainSystem())
            .bind("after", past.receipt().committed().orElseThrow())
            .map((row, context) ->
                new Since(
                    row.getString("id"),
                    Optional.ofNullable(row.getString("undoes")),
                    List.of((Long[]) row.getArray("unit_ids").getArray()),
                    WrittenJson.readFooting(row.getString("footing")),
                    row.getBoolean("gone")))
            .list());
  }

  /**
   * The receipts of a branch, the newest first, at most {@value ReceiptSummary#LIMIT}.
   *
   * @param name its name now, or that of a branch that is gone
   * @param branch its life, if it is there
   */
  public List<ReceiptSummary> receipts(String name, Optional<BranchId> branch) {
    List<ReceiptSummary> found =
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT id, branch_name, undoes, started_at, ended_at, receipt ->> 'outcome' AS outcome,
                      receipt ->> 'committed' AS committed, (receipt ->> 'dryRun')::boolean AS dry_run,
                      jsonb_array_length(receipt -> 'landed') AS landed, jsonb_array_length(receipt -> 'held') AS held,
                      coalesce(jsonb_array_length(receipt -> 'dropped'), 0) AS dropped,
                      branch_id <> :branch AND :branch >= 0 AS earlier,
                      CASE WHEN state = 'landed' AND footing IS NOT NULL AND rows_gone_at IS NULL
                        THEN ended_at + make_interval(secs => :keep) END AS undo_until
                    FROM promotions
                    WHERE (branch_name = :name OR branch_id = :branch) AND state <> 'applying' AND receipt IS NOT NULL
                    ORDER BY started_at DESC, id LIMIT :limit
                    """)
                .bind("name", name)
                .bind("branch", branch.map(BranchId::value).orElse(-1L))
                .bind("keep", undoKeep.map(keep -> (double) keep.toSeconds()).orElse(null))
                .bind("limit", ReceiptSummary.LIMIT)
                .map((row, context) -> summary(row))
                .list());
    return found.stream()
        .map(one -> {
          Undoings.TakenBack taken =
              one.committed().isEmpty() ? Undoings.TakenBack.NONE : undoings.takenBack(one.id());
          return one.undone(taken.units().size(), taken.by());
        })
        .toList();
  }

  private static ReceiptSummary summary(ResultSet row) throws SQLException {
    int landed = row.getInt("landed");
    int held = row.getInt("held");
    int dropped = row.getInt("dropped");
    return new ReceiptSummary(
        row.getString("id"),
        row.getString("branch_name"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getObject("ended_at", OffsetDateTime.class).toInstant(),
        row.getString("outcome"),
        row.getBoolean("dry_run"),
        Optional.ofNullable(row.getString("committed")),
        new UnitCounts(landed + held + dropped, landed, held, dropped),
        Optional.ofNullable(row.getString("undoes")),
        0,
        List.of(),
        Optional.ofNullable(row.getObject("undo_until", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant),
        row.getBoolean("earlier"));
  }

  private static Begun begun(ResultSet row) throws SQLException {
    long transactionId = row.getLong("main_xid");
    OptionalLong known = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(transactionId);
    return new Begun(
        row.getString("id"),
        new BranchId(row.getLong("branch_id")),
        row.getString("branch_name"),
        row.getString("main_system"),
        known,
        Optional.ofNullable(row.getString("receipt")).map(ReceiptJson::read));
  }
}
