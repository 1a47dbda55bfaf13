package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Unique;
import dev.anabranch.predicate.overlay.Numbering;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Whether main may refuse rows that the branch wrote, since it has others now with what is unique.
 * Who inserts a row with a key that somebody chose reads that no other row has it, and so does who
 * writes to any unique column. Of drawn numbers main draws others. Foreign keys read as well, and
 * so does a CHECK, of the row that is written.
 */
public final class Taken {

  private final SchemaSnapshot main;
  private final Changes changes;
  private final Numbering numbering;
  private final Referred referred;
  private final Map<TableId, Map<Key, Image>> rowsNow = new HashMap<>();
  private final Map<TableId, Map<Unique, Set<List<String>>>> values = new HashMap<>();

  /**
   * @param main main's definitions now
   */
  public Taken(SchemaSnapshot main, Changes changes, Numbering numbering) {
    this.main = main;
    this.changes = changes;
    this.numbering = numbering;
    this.referred = new Referred(main, changes);
  }

  /**
   * @param tables those written to
   * @param wrote units that have the rows that were written; empty when those are not known
   */
  public boolean mayBe(Set<TableId> tables, Optional<List<Unit>> wrote) {
    return isTaken(tables, wrote) || referred.mayBe(tables, wrote);
  }

  /**
   * Whether main has changed other cells of a row than the branch did: a constraint that looks at
   * both has never seen them together.
   *
   * @param tables those written to
   * @param wrote units that have the rows that were written; empty when those are not known
   * @param assigned the numbers of columns that the branch gave values, also where these were there
   */
  public boolean isShared(Set<TableId> tables, Optional<List<Unit>> wrote, Set<Integer> assigned) {
    return tables.stream()
        .anyMatch(table ->
            switch (changes.of(table)) {
              case TableDelta.Unwatched ignored -> true;
              case TableDelta.Touched ignored -> true;
              case TableDelta.Rows rows ->
                  !rows.rows().isEmpty()
                      && wrote
                          .map(units ->
                              units.stream()
                                  .anyMatch(unit -> shares(unit, rows, rowsOf(rows), assigned)))
                          .orElse(true);
            });
  }

  private static boolean shares(
      Unit unit, TableDelta.Rows rows, Map<Key, Image> changed, Set<Integer> assigned) {
    return unit.shapes().stream()
        .filter(layout -> layout.id().equals(rows.shape().id()))
        .findFirst()
        .filter(layout ->
            unit.writes().stream()
                .filter(write -> write.table().equals(layout.id()))
                .anyMatch(write ->
                    write instanceof Write.Update update
                        && shares(layout, update, rows.shape(), changed, assigned)))
        .isPresent();
  }

  private static boolean shares(
      TableShape layout,
      Write.Update update,
      TableShape mains,
      Map<Key, Image> changed,
      Set<Integer> assigned) {
    if (!layout.keyIsIn(update.before())) {
      return !changed.isEmpty();
    }
    Image main = changed.get(layout.keyOf(update.before()));
    return main != null
        && IntStream.range(0, layout.columns().size())
            .filter(place ->
                update.before().sameAt(place, update.after())
                    && !assigned.contains(layout.columns().get(place).number()))
            .anyMatch(place -> {
              int there = mains.indexOf(layout.columns().get(place).number());
              return there < 0
                  || (main.cells().get(there) != Cell.Absent.UNCHANGED
                      && !main.cells().get(there).equals(update.before().cells().get(place)));
            });
  }

  /** As main has them now, by key. */
  private Map<Key, Image> rowsOf(TableDelta.Rows rows) {
    return rowsNow.computeIfAbsent(
        rows.shape().id(),
        _ -> {
          Map<Key, Image> now = new HashMap<>();
          rows.rows().forEach(row -> row.now().ifPresent(image -> now.put(row.key(), image)));
          return now;
        });
  }

  private boolean isTaken(Set<TableId> tables, Optional<List<Unit>> wrote) {
    return tables.stream()
        .flatMap(table -> Optional.ofNullable(main.relations().get(table)).stream())
        .filter(relation -> relation.kind() == 'r' && !relation.uniques().isEmpty())
        .anyMatch(relation ->
            switch (changes.of(relation.shape().id())) {
              case TableDelta.Unwatched ignored -> true;
              case TableDelta.Touched ignored -> true;
              case TableDelta.Rows rows ->
                  rows.rows().stream().anyMatch(row -> row.now().isPresent())
                      && wrote
                          .map(
                              units -> units.stream().anyMatch(unit -> mayBe(relation, rows, unit)))
                          .orElse(true);
            });
  }

  private boolean mayBe(Relation relation, TableDelta.Rows rows, Unit unit) {
    TableId table = relation.shape().id();
    Optional<TableShape> layout =
        unit.shapes().stream().filter(shape -> shape.id().equals(table)).findFirst();
    return layout.isPresent()
        && unit.writes().stream()
            .filter(write -> write.table().equals(table))
            .anyMatch(write ->
                relation.uniques().stream()
                    .anyMatch(unique -> mayBe(relation, rows, unique, layout.get(), write)));
  }

  private boolean mayBe(
      Relation relation, TableDelta.Rows rows, Unique unique, TableShape layout, Write write) {
    return switch (write) {
      case Write.Insert insert ->
          !isDrawn(relation, unique, layout, insert.after())
              && isAmong(relation, rows, unique, layout, insert.after());
      case Write.Update update ->
          !isSame(unique, layout, update)
              && isAmong(relation, rows, unique, layout, update.after());
      case Write.Delete ignored -> false;
      case Write.Truncate ignored -> false;
    };
  }

  private boolean isDrawn(Relation relation, Unique unique, TableShape layout, Image row) {
    return unique.byColumns()
        && unique.columns().stream()
            .anyMatch(column ->
                EqualTexts.text(layout, column, row)
                    .filter(text -> numbering.isDrawn(relation.shape().id(), column, text))
                    .isPresent());
  }

  private static boolean isSame(Unique unique, TableShape layout, Write.Update update) {
    return unique.read().stream()
        .map(layout::indexOf)
        .allMatch(place ->
            place >= 0
                && update.before().cells().get(place).equals(update.after().cells().get(place)));
  }

  private boolean isAmong(
      Relation relation, TableDelta.Rows rows, Unique unique, TableShape layout, Image row) {
    if (!unique.byColumns()) {
      return true;
    }
    boolean isNull = EqualTexts.hasNull(layout, unique.columns(), row);
    Optional<List<String>> own = EqualTexts.texts(layout, compared(relation, unique), row);
    return !isNull && (own.isEmpty() || valuesOf(relation, rows, unique).contains(own.get()));
  }

  /** Those of its columns in which equal values are equal texts. */
  private static List<Integer> compared(Relation relation, Unique unique) {
    return unique.columns().stream()
        .filter(number -> EqualTexts.isOneWay(relation, number))
        .toList();
  }

  /** What main's changed rows have there. */
  private Set<List<String>> valuesOf(Relation relation, TableDelta.Rows rows, Unique unique) {
    return values
        .computeIfAbsent(relation.shape().id(), ignored -> new HashMap<>())
        .computeIfAbsent(
            unique,
            ignored -> {
              List<Integer> columns = compared(relation, unique);
              Set<List<String>> found = new HashSet<>();
              rows.rows().stream()
                  .flatMap(row -> row.now().stream())
                  .flatMap(row -> EqualTexts.texts(rows.shape(), columns, row).stream())
                  .forEach(found::add);
              return found;
            });
  }
}
