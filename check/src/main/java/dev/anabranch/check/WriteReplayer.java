package dev.anabranch.check;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.overlay.ColumnMatch;
import dev.anabranch.predicate.overlay.RowNames;
import dev.anabranch.predicate.timeline.UnitPaths;
import dev.anabranch.predicate.world.World.Contradiction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Lays a branch's writes over main's rows, cell by cell: an update sets only the columns that it
 * changed. Where main and the branch contradict each other, and where a write can't be laid over at
 * all, that is noted, and what is read from there may not be believed.
 *
 * <p>The writes to one table go together where they can: what they come to for each row is one
 * statement in a batch. Tables know nothing of each other here, for neither foreign keys nor
 * triggers are at work.
 */
final class WriteReplayer {

  private final Connection connection;
  private final SchemaSnapshot schema;
  private final SchemaSnapshot fork;
  private final Traps traps;
  private final RowNames names;
  private final UnitPaths paths;
  private final RowLayer rows;
  private final RowBatch batch;
  private final Set<Contradiction> contradicted = new HashSet<>();
  private final Agreements agreed = new Agreements();

  /** What has been found out so far about main's rows and the branch's. */
  record Noted(Set<Contradiction> contradicted, Agreements agreed) {}

  /**
   * @param schema main's definitions there
   * @param fork main's definitions at the fork point
   * @param names what the branch's rows are called there
   * @param paths where the code that its rows run looks for names
   * @param combining the columns of main that combine
   */
  WriteReplayer(
      Connection connection,
      SchemaSnapshot schema,
      SchemaSnapshot fork,
      RowNames names,
      UnitPaths paths,
      Combining combining,
      Traps traps)
      throws SQLException {
    this.traps = traps;
    this.connection = connection;
    this.schema = schema;
    this.fork = fork;
    this.names = names;
    this.paths = paths;
    ScratchReplay.prepare(connection);
    RowReader reader = new RowReader(connection);
    Function<TableShape, Set<Integer>> sums =
        traps.has(Trap.EQUAL_SUMS_AGREE) ? shape -> Set.of() : combining::sums;
    this.rows = new RowLayer(connection, reader, sums, agreed);
    this.batch = new RowBatch(connection, reader, sums, agreed);
  }

  Set<Contradiction> contradicted() {
    return contradicted;
  }

  /** To come back to. */
  Noted noted() {
    return new Noted(Set.copyOf(contradicted), agreed.copy());
  }

  /** After a rollback. */
  void forgetSince(Noted before) {
    contradicted.retainAll(before.contradicted());
    agreed.set(before.agreed());
  }

  /** Lays whole units over main, in order. */
  void apply(List<Unit> units) throws SQLException {
    if (units.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET SESSION AUTHORIZATION");
      ScratchReplay.prepare(connection);
    }
    int first = 0;
    for (int next = 1; next <= units.size(); next++) {
      String path = paths.of(units.get(first));
      if (next == units.size() || !paths.of(units.get(next)).equals(path)) {
        applyUnder(path, units.subList(first, next));
        first = next;
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET search_path");
    }
  }

  private void applyUnder(String path, List<Unit> units) throws SQLException {
    try (PreparedStatement set =
        connection.prepareStatement("SELECT pg_catalog.set_config('search_path', ?, false)")) {
      set.setString(1, path);
      set.execute();
    }
    for (Map.Entry<TableId, List<Write>> table : byTable(units).entrySet()) {
      Relation relation = schema.relations().get(table.getKey());
      if (relation != null) {
        apply(relation.shape(), table.getValue());
      }
    }
  }

  /** Writes in main's layout, in order; those that have none are noted and left out. */
  private Map<TableId, List<Write>> byTable(List<Unit> units) {
    Map<TableId, List<Write>> tables = new LinkedHashMap<>();
    for (Unit unit : units) {
      Map<TableId, Optional<ColumnMatch>> matches = new LinkedHashMap<>();
      unit.shapes().forEach(shape -> matches.put(shape.id(), match(shape)));
      for (Write write : unit.writes()) {
        Optional<ColumnMatch> match = matches.getOrDefault(write.table(), Optional.empty());
        if (match.isEmpty() || !write.isWhole() || write instanceof Write.Truncate) {
          contradicted.add(notApplied(write.table()));
        } else {
          Optional<Write> onMain = onMain(write, match.get());
          if (onMain.isPresent()) {
            tables.computeIfAbsent(write.table(), ignored -> new ArrayList<>()).add(onMain.get());
          } else {
            contradicted.add(notApplied(write.table()));
          }
        }
      }
    }
    return tables;
  }

  private Optional<ColumnMatch> match(TableShape branch) {
    Relation now = schema.relations().get(branch.id());
    Relation then = fork.relations().get(branch.id());
    return now == null || then == null
        ? Optional.empty()
        : ColumnMatch.of(branch, then.shape(), now.shape(), traps);
  }

  private Optional<Write> onMain(Write write, ColumnMatch match) {
    return switch (write) {
      case Write.Insert(var table, var lsn, Image after) ->
          onMain(after, match).map(row -> new Write.Insert(table, lsn, row));
      case Write.Update(var table, var lsn, Image before, Image after) ->
          onMain(before, match)
              .flatMap(
                  was -> onMain(after, match).map(row -> new Write.Update(table, lsn, was, row)));
      case Write.Delete(var table, var lsn, Image before) ->
          onMain(before, match).map(row -> new Write.Delete(table, lsn, row));
      case Write.Truncate truncate -> Optional.of(truncate);
    };
  }

  /** In main's layout, and with the names that main has for it and for the rows that it names. */
  private Optional<Image> onMain(Image image, ColumnMatch match) {
    Image row = match.onMain(image);
    Optional<Image> onMain = names.onMain(match.main(), row);
    Set<Integer> unsettled = names.unsettled(match.main(), row);
    if (match.main().hasKey() && !unsettled.isEmpty()) {
      // Nobody knows what main will call it, so what is read there of its name may be anything.
      onMain
          .map(match.main()::keyOf)
          .ifPresent(key ->
              contradicted.add(
                  new Contradiction(
                      match.main().id(), Optional.of(key), isOwnName(match.main(), unsettled))));
    }
    return onMain;
  }

  private static boolean isOwnName(TableShape shape, Set<Integer> places) {
    return places.stream().allMatch(place -> shape.columns().get(place).inKey());
  }

  private void apply(TableShape shape, List<Write> writes) throws SQLException {
    if (traps.has(Trap.AGREED_FOR_GOOD)) {
      agreed.set(new Agreements());
    }
    Savepoint savepoint = connection.setSavepoint();
    try {
      Optional<Set<Contradiction>> found = batch.apply(shape, writes);
      if (found.isPresent()) {
        contradicted.addAll(found.get());
        connection.releaseSavepoint(savepoint);
        return;
      }
    } catch (SQLException e) {
      // Rows that only in their own order keep to a constraint, or that no order makes fit.
    }
    connection.rollback(savepoint);
    oneByOne(shape, writes);
  }

  private void oneByOne(TableShape shape, List<Write> writes) throws SQLException {
    for (Write write : writes) {
      Savepoint savepoint = connection.setSavepoint();
      try {
        rows.apply(shape, write).ifPresent(contradicted::add);
        connection.releaseSavepoint(savepoint);
      } catch (SQLException e) {
        // A constraint that only main's and the branch's rows together break.
        connection.rollback(savepoint);
        contradicted.add(notApplied(shape.id()));
      }
    }
  }

  static Contradiction notApplied(TableId table) {
    return new Contradiction(table, Optional.empty());
  }

  static Contradiction at(TableShape shape, Key key) {
    return new Contradiction(shape.id(), Optional.of(key));
  }
}
