package dev.anabranch.predicate.rule;

import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.overlay.Overlay;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Whether main may refuse rows that the branch wrote because of its foreign keys. Who writes a row
 * that names another one reads that the other is there, and who removes a row or calls it otherwise
 * reads that nobody names it.
 */
final class Referred {

  private final SchemaSnapshot main;
  private final Changes changes;
  private final Map<TableId, List<Link>> links = new HashMap<>();
  private final Map<Link, Tuples> gone = new HashMap<>();
  private final Map<Link, Tuples> come = new HashMap<>();

  /**
   * A foreign key.
   *
   * @param compared the places in it where equal values are equal texts
   */
  private record Link(Relation child, Reference reference, List<Integer> compared) {

    static Optional<Link> of(SchemaSnapshot main, Relation child, Reference reference) {
      return Optional.ofNullable(main.relations().get(reference.parent()))
          .map(parent ->
              new Link(
                  child,
                  reference,
                  IntStream.range(0, reference.columns().size())
                      .filter(place ->
                          EqualTexts.isOneWay(
                              child,
                              reference.columns().get(place),
                              parent,
                              reference.parentColumns().get(place)))
                      .boxed()
                      .toList()));
    }

    List<Integer> ofChild() {
      return compared.stream().map(reference.columns()::get).toList();
    }

    List<Integer> ofParent() {
      return compared.stream().map(reference.parentColumns()::get).toList();
    }
  }

  /**
   * What rows have, or had, in the columns of a foreign key.
   *
   * @param any whether others may be among them that are not known
   */
  private record Tuples(Set<List<String>> known, boolean any) {
    boolean isEmpty() {
      return known.isEmpty() && !any;
    }

    /** A row of which they are not known may have any of them. */
    boolean mayHave(Optional<List<String>> texts) {
      return any || (!known.isEmpty() && texts.map(known::contains).orElse(true));
    }
  }

  /**
   * @param main main's definitions now
   */
  Referred(SchemaSnapshot main, Changes changes) {
    this.main = main;
    this.changes = changes;
    main.relations()
        .values()
        .forEach(child ->
            child
                .references()
                .forEach(reference ->
                    Link.of(main, child, reference)
                        .ifPresent(link -> {
                          put(child.shape().id(), link);
                          if (!reference.parent().equals(child.shape().id())) {
                            put(reference.parent(), link);
                          }
                        })));
  }

  private void put(TableId table, Link link) {
    links.computeIfAbsent(table, ignored -> new ArrayList<>()).add(link);
  }

  /**
   * @param tables those written to
   * @param wrote units that have the rows that were written; empty when those are not known
   */
  boolean mayBe(Set<TableId> tables, Optional<List<Unit>> wrote) {
    return tables.stream()
        .anyMatch(table ->
            links.getOrDefault(table, List.of()).stream()
                .anyMatch(link ->
                    (link.child().shape().id().equals(table) && namesWhatIsGone(link, wrote))
                        || (link.reference().parent().equals(table)
                            && takesWhatIsNamed(link, wrote))));
  }

  private boolean namesWhatIsGone(Link link, Optional<List<Unit>> wrote) {
    Tuples tuples = gone.computeIfAbsent(link, this::gone);
    TableId child = link.child().shape().id();
    List<Integer> columns = link.reference().columns();
    return !tuples.isEmpty()
        && isIn(
            child,
            wrote,
            (layout, write) ->
                switch (write) {
                  case Write.Insert insert -> isAmong(tuples, link, layout, insert.after());
                  case Write.Update update ->
                      differ(layout, columns, update)
                          && isAmong(tuples, link, layout, update.after());
                  case Write.Delete ignored -> false;
                  case Write.Truncate ignored -> false;
                });
  }

  private static boolean isAmong(Tuples tuples, Link link, TableShape layout, Image row) {
    return !EqualTexts.hasNull(layout, link.reference().columns(), row)
        && tuples.mayHave(EqualTexts.texts(layout, link.ofChild(), row));
  }

  private boolean takesWhatIsNamed(Link link, Optional<List<Unit>> wrote) {
    Tuples tuples = come.computeIfAbsent(link, this::come);
    List<Integer> columns = link.reference().parentColumns();
    return !tuples.isEmpty()
        && isIn(
            link.reference().parent(),
            wrote,
            (layout, write) ->
                switch (write) {
                  case Write.Insert ignored -> false;
                  case Write.Update update ->
                      differ(layout, columns, update)
                          && tuples.mayHave(
                              EqualTexts.texts(layout, link.ofParent(), update.before()));
                  case Write.Delete delete ->
                      tuples.mayHave(EqualTexts.texts(layout, link.ofParent(), delete.before()));
                  case Write.Truncate ignored -> true;
                });
  }

  private interface Bears {
    boolean on(TableShape layout, Write write);
  }

  private static boolean isIn(TableId table, Optional<List<Unit>> wrote, Bears bears) {
    return wrote
        .map(units -> units.stream().anyMatch(unit -> isIn(table, unit, bears)))
        .orElse(true);
  }

  private static boolean isIn(TableId table, Unit unit, Bears bears) {
    Optional<TableShape> layout =
        unit.shapes().stream().filter(shape -> shape.id().equals(table)).findFirst();
    return layout.isPresent()
        && unit.writes().stream()
            .anyMatch(write -> write.table().equals(table) && bears.on(layout.get(), write));
  }

  /** A cell that is not in the log is as it was. */
  private static boolean differ(TableShape layout, List<Integer> columns, Write.Update update) {
    return columns.stream()
        .map(layout::indexOf)
        .anyMatch(place ->
            place < 0
                || !update.before().cells().get(place).equals(update.after().cells().get(place)));
  }

  /** What could be named at the fork point and can't be by now. */
  private Tuples gone(Link link) {
    Set<List<String>> known = new HashSet<>();
    boolean any = false;
    for (Relation parent : rowsOf(link.reference().parent())) {
      List<Integer> columns = here(parent, link.reference().parent(), link.ofParent());
      List<Integer> all = here(parent, link.reference().parent(), link.reference().parentColumns());
      switch (changes.of(parent.shape().id())) {
        case TableDelta.Unwatched ignored -> any = true;
        case TableDelta.Touched ignored -> any = true;
        case TableDelta.Rows rows -> {
          for (RowThenAndNow row : rows(rows)) {
            Optional<List<String>> called = texts(rows, all, row.before());
            boolean stayed = called.isPresent() && called.equals(texts(rows, all, row.after()));
            if (row.before().isPresent() && !stayed) {
              Optional<List<String>> before = texts(rows, columns, row.before());
              any |= before.isEmpty();
              before.ifPresent(known::add);
            }
          }
        }
      }
    }
    return new Tuples(known, any);
  }

  /** What rows that main has changed name by now. */
  private Tuples come(Link link) {
    Set<List<String>> known = new HashSet<>();
    boolean any = false;
    for (Relation child : rowsOf(link.child().shape().id())) {
      List<Integer> columns = here(child, link.child().shape().id(), link.ofChild());
      List<Integer> all = here(child, link.child().shape().id(), link.reference().columns());
      switch (changes.of(child.shape().id())) {
        case TableDelta.Unwatched ignored -> any = true;
        case TableDelta.Touched ignored -> any = true;
        case TableDelta.Rows rows -> {
          for (RowThenAndNow row : rows(rows)) {
            if (row.after().isPresent()
                && !EqualTexts.hasNull(rows.shape(), all, row.after().get())) {
              Optional<List<String>> after = texts(rows, columns, row.after());
              any |= after.isEmpty();
              after.ifPresent(known::add);
            }
          }
        }
      }
    }
    return new Tuples(known, any);
  }

  private static Optional<List<String>> texts(
      TableDelta.Rows rows, List<Integer> columns, Optional<Image> row) {
    return row.flatMap(image -> EqualTexts.texts(rows.shape(), columns, image));
  }

  private List<RowThenAndNow> rows(TableDelta.Rows rows) {
    return rows.rows().isEmpty()
        ? List.of()
        : Overlay.ofMain(rows.rows(), changes.forkImages(rows));
  }

  /** The tables that hold the rows of one, which may be partitioned. */
  private List<Relation> rowsOf(TableId table) {
    return main.withDescendants(Set.of(table)).stream()
        .flatMap(one -> Optional.ofNullable(main.relations().get(one)).stream())
        .filter(relation -> relation.kind() == 'r')
        .toList();
  }

  /** A partition may count its columns otherwise; -1 for what it has not. */
  private List<Integer> here(Relation relation, TableId of, List<Integer> numbers) {
    Relation named = main.relations().get(of);
    if (named == null || named.equals(relation)) {
      return numbers;
    }
    return numbers.stream()
        .map(number -> {
          int place = named.shape().indexOf(number);
          String name = place < 0 ? "" : named.shape().columns().get(place).name();
          return relation.shape().columns().stream()
              .filter(column -> column.name().equals(name))
              .map(column -> column.number())
              .findFirst()
              .orElse(-1);
        })
        .toList();
  }
}
