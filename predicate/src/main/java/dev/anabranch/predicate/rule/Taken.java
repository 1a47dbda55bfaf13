package dev.anabranch.predicate.rule;

import dev.anabranch.base.Image;
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

/**
 * Whether main may refuse rows that the branch wrote, since it has others now with what is unique.
 * Who inserts a row with a key that somebody chose reads that no other row has it, and so does who
 * writes to any unique column. Of drawn numbers main draws others. Foreign keys read as well.
 */
public final class Taken {

  private final SchemaSnapshot main;
  private final Changes changes;
  private final Numbering numbering;
  private final Referred referred;
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
