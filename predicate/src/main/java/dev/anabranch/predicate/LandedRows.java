package dev.anabranch.predicate;

import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.LeftRows.Left;
import dev.anabranch.predicate.rule.Changes;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What main has done to rows of which statements told their clients, since these rows landed. What
 * was told then is as old as a SELECT of the same cells would be. Not thread-safe.
 */
final class LandedRows {

  private final LeftRows rows;
  private final SchemaSnapshot main;
  private final Changes changes;

  /**
   * @param rows those that landed
   * @param main main's definitions now
   */
  LandedRows(LeftRows rows, SchemaSnapshot main, Changes changes) {
    this.rows = rows;
    this.main = main;
    this.changes = changes;
  }

  /**
   * Why what a statement told of its rows is not what main has, in a clause; empty where it is.
   *
   * @param unit what its transaction wrote, and landed
   * @param targets the tables that its words write to; what a view's trigger wrote may be in any
   * @param onlyInserts whether it put rows in and touched no other
   */
  Optional<String> changed(Answer answer, Unit unit, Set<TableId> targets, boolean onlyInserts) {
    boolean any = unit.writes().stream().noneMatch(write -> targets.contains(write.table()));
    Map<TableId, TableShape> shapes =
        unit.shapes().stream()
            .collect(Collectors.toMap(TableShape::id, Function.identity(), (one, _) -> one));
    return unit.writes().stream()
        .filter(write -> any || targets.contains(write.table()))
        .filter(write -> !onlyInserts || write instanceof Write.Insert)
        .flatMap(write -> changed(answer, write, shapes).stream())
        .findFirst();
  }

  /**
   * Of what a statement's transaction wrote and landed, the rows that the branch itself made others
   * of, or removed, since: main's constraints do not look at them any more.
   *
   * @param targets as above
   */
  Optional<Unit> takenBack(Unit unit, Set<TableId> targets) {
    List<Write> gone =
        unit.writes().stream()
            .filter(write -> targets.isEmpty() || targets.contains(write.table()))
            .flatMap(write -> takenBack(write).stream())
            .toList();
    return gone.isEmpty() ? Optional.empty() : Optional.of(unit.with(gone));
  }

  /** As it would be written now; what the row still has of it main's constraints do look at. */
  private Optional<Write> takenBack(Write write) {
    Left row = rows.of(write).orElse(null);
    Optional<Image> after = write.rowAfter();
    if (row == null) {
      return after
          .filter(image -> rows.isGivenUp(write.table(), image))
          .map(image -> new Write.Insert(write.table(), write.lsn(), image));
    }
    if (write instanceof Write.Delete && row.as().isPresent()) {
      return Optional.of(write);
    }
    return after.isEmpty() || row.as().equals(after)
        ? Optional.empty()
        : Optional.of(
            row.as().isPresent()
                ? new Write.Update(write.table(), write.lsn(), row.as().get(), after.get())
                : new Write.Insert(write.table(), write.lsn(), after.get()));
  }

  /**
   * Why main has a row that the branch removed, in a clause.
   *
   * @param targets as above
   */
  Optional<String> thereAgain(Unit unit, Set<TableId> targets) {
    return unit.writes().stream()
        .filter(write -> write instanceof Write.Delete && targets.contains(write.table()))
        .flatMap(write -> {
          Left row = rows.of(write).orElse(null);
          return row != null
                  && row.as().isEmpty()
                  && !row.made()
                  && changes.of(write.table()) instanceof TableDelta.Rows delta
              ? rows.newest(row, delta).filter(found -> found.now().isPresent()).stream()
              : Stream.empty();
        })
        .findFirst()
        .map(row -> "main has row " + row.key() + ", which it removed");
  }

  /**
   * Why main has not, any more, what a transaction wrote and landed, in a clause; empty where it
   * has. Of a row that it put in or removed, whether it is there counts, of one that it changed the
   * cells that it gave other values.
   *
   * @param targets the tables of which the statement may have told; of others without a key it is
   *     not asked
   */
  Optional<String> takenBackByMain(Unit unit, Set<TableId> targets) {
    return unit.writes().stream()
        .flatMap(write -> takenBackByMain(write, targets).stream())
        .findFirst();
  }

  private Optional<String> takenBackByMain(Write write, Set<TableId> targets) {
    Left row = rows.of(write).orElse(null);
    if (row == null) {
      return targets.contains(write.table()) ? Optional.of(unknown("a table")) : Optional.empty();
    }
    String table = row.shape().qualifiedName();
    if (!(changes.of(row.shape().id()) instanceof TableDelta.Rows delta)) {
      return Optional.of(unknown(table));
    }
    return rows.newest(row, delta)
        .filter(_ -> !row.wasNeverThere())
        .filter(newest -> isAnother(write, row, newest, delta.shape()))
        .map(newest ->
            "main has row " + newest.key() + " of " + table + " otherwise since it landed");
  }

  private boolean isAnother(Write write, Left row, NewestRow newest, TableShape mains) {
    if (newest.now().isPresent() != row.as().isPresent()) {
      return true;
    }
    return write instanceof Write.Update update
        && newest.now().isPresent()
        && row.shape().columns().stream()
            .filter(column -> {
              int at = row.shape().indexOf(column.number());
              return !update.before().sameAt(at, update.after());
            })
            .anyMatch(column -> !rows.isSame(column, row, newest.now().get(), mains));
  }

  /** Whether some of what came back is computed, or of tables that it did not write to. */
  boolean tellsOfOthers(Answer answer, Set<TableId> targets) {
    return answer.result().columns().stream()
        .map(column -> new TableId(column.tableOid()))
        .anyMatch(named ->
            !isTable(named) || Collections.disjoint(main.withDescendants(Set.of(named)), targets));
  }

  private Optional<String> changed(Answer answer, Write write, Map<TableId, TableShape> shapes) {
    TableShape shape = shapes.get(write.table());
    String table = shape == null ? "a table" : shape.qualifiedName();
    List<Left> all = rows.through(write);
    if (all.isEmpty()) {
      return Optional.of(unknown(table));
    }
    return all.stream()
        .flatMap(row ->
            (changes.of(row.shape().id()) instanceof TableDelta.Rows delta
                    ? changed(answer, row, delta, table)
                    : Optional.of(unknown(table)))
                .stream())
        .findFirst();
  }

  private static String unknown(String table) {
    return "what main has done since to rows of " + table + " that it told of is not known";
  }

  /** A row that main's WAL does not have is as it was, and so are cells that it leaves out. */
  private Optional<String> changed(Answer answer, Left row, TableDelta.Rows delta, String table) {
    Optional<NewestRow> found = rows.newest(row, delta);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (row.wasNeverThere()) {
      return Optional.empty();
    }
    NewestRow newest = found.get();
    String told = "row " + newest.key() + " of " + table + ", of which it told,";
    if (newest.now().isEmpty() || row.as().isEmpty()) {
      return newest.now().isPresent() == row.as().isPresent()
          ? Optional.empty()
          : Optional.of(
              told + (row.as().isPresent() ? " has gone since it landed" : " is there again"));
    }
    return told(answer, row.shape()).stream()
        .filter(column -> !rows.isSame(column, row, newest.now().get(), delta.shape()))
        .findFirst()
        .map(column -> told + " has another " + column.name() + " since it landed");
  }

  /**
   * The columns of a table that came back; all of them where what came back was computed, or can't
   * be found there.
   */
  private List<Column> told(Answer answer, TableShape shape) {
    Set<Integer> numbers = new HashSet<>();
    for (ResultColumn column : answer.result().columns()) {
      TableId named = new TableId(column.tableOid());
      if (isTable(named) && !main.withDescendants(Set.of(named)).contains(shape.id())) {
        continue;
      }
      Optional<Integer> number =
          named.equals(shape.id())
              ? Optional.of(column.columnNumber())
              : inPartition(named, column.columnNumber(), shape.id());
      if (number.filter(known -> shape.indexOf(known) >= 0).isEmpty()) {
        return shape.columns();
      }
      numbers.add(number.get());
    }
    return shape.columns().stream().filter(column -> numbers.contains(column.number())).toList();
  }

  /** Whether it is a table of main's, which has its rows itself. */
  boolean isTable(TableId named) {
    Relation relation = main.relations().get(named);
    return relation != null && (relation.kind() == 'r' || relation.kind() == 'p');
  }

  /** A partition may number its columns otherwise than the table that was named. */
  private Optional<Integer> inPartition(TableId named, int number, TableId partition) {
    if (!isTable(named)) {
      return Optional.empty();
    }
    Relation whole = main.relations().get(named);
    Relation part = main.relations().get(partition);
    return whole == null || part == null
        ? Optional.empty()
        : whole.shape().columns().stream()
            .filter(column -> column.number() == number)
            .flatMap(column ->
                part.shape().columns().stream()
                    .filter(stored -> stored.name().equals(column.name())))
            .map(Column::number)
            .findFirst();
  }
}
