package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.TypeOid;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.footprint.Writes;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which tables and rows a footprint reads. On any doubt, all. Not thread-safe. */
public final class Reading {

  /** Integers, uuid, text and varchar. */
  private static final Set<Long> SPELLED_ONCE =
      TypeOid.set(
          TypeOid.INT8, TypeOid.INT2, TypeOid.INT4, TypeOid.UUID, TypeOid.TEXT, TypeOid.VARCHAR);

  /** Where a named table's columns are in the rows of a table, as these two are defined. */
  private record Laid(TableShape named, TableShape stored, Layout layout) {

    @SuppressWarnings("ReferenceEquality") // what is equal and another is laid out anew
    boolean isOf(TableShape otherNamed, TableShape otherStored) {
      return named == otherNamed && stored == otherStored;
    }
  }

  private final SchemaSnapshot schema;

  /** A unit is compared with one answer after another, and each names the same few tables. */
  private final Map<TableId, Laid> laidLast = new HashMap<>();

  private final Map<TableId, Set<TableId>> families = new HashMap<>();

  /**
   * @param schema the tables at the fork point
   */
  public Reading(SchemaSnapshot schema) {
    this.schema = schema;
  }

  private Layout layout(TableShape named, TableShape stored) {
    Laid last = laidLast.get(named.id());
    if (last == null || !last.isOf(named, stored)) {
      last = new Laid(named, stored, Layout.of(named, stored));
      laidLast.put(named.id(), last);
    }
    return last.layout();
  }

  /** A table and all that inherit from it. */
  private Set<TableId> family(TableId table) {
    return families.computeIfAbsent(
        table, _ -> Set.copyOf(SchemaDrift.descendants(schema, Set.of(table))));
  }

  /** The tables read, with all that inherit from them; empty when that is not known. */
  public Optional<Set<TableId>> tables(Footprint footprint) {
    return switch (footprint) {
      case Footprint.Reads reads -> Optional.of(stored(reads.traits().relations()));
      case Footprint.OwnWrite ignored -> Optional.of(Set.of());
      case Footprint.NotOfData ignored -> Optional.of(Set.of());
      case Footprint.AlwaysRerun rerun ->
          rerun.traits().userCode()
              ? Optional.empty()
              : Optional.of(
                  stored(
                      rerun.besidesReferringRows().isPresent()
                          ? withFollowing(rerun.traits().relations())
                          : rerun.traits().relations()));
      case Footprint.Unanswerable ignored -> Optional.empty();
    };
  }

  /**
   * With those whose rows may refer to theirs, however far away, and those that any of all these
   * refer to.
   */
  public Set<TableId> withReferences(Set<TableId> tables) {
    Set<TableId> all = withFollowing(tables);
    Set<TableId> parents =
        all.stream()
            .map(table -> schema.relations().get(table))
            .filter(Objects::nonNull)
            .flatMap(child -> child.references().stream())
            .map(SchemaSnapshot.Reference::parent)
            .collect(Collectors.toSet());
    all.addAll(SchemaDrift.descendants(schema, parents));
    return all;
  }

  /** With those whose rows refer to theirs, and may follow what is removed or renamed. */
  private Set<TableId> withFollowing(Set<TableId> relations) {
    Set<TableId> all = new HashSet<>(SchemaDrift.descendants(schema, relations));
    boolean more = true;
    while (more) {
      Set<TableId> children =
          schema.relations().values().stream()
              .filter(child ->
                  child.references().stream()
                      .anyMatch(reference -> all.contains(reference.parent())))
              .map(child -> child.shape().id())
              .collect(Collectors.toSet());
      more = all.addAll(SchemaDrift.descendants(schema, children));
    }
    return all;
  }

  /**
   * Whether rows that main changed over a window may be among those read, before or after, and
   * differ in what is read of them. Of a row that is not known from before, its key is.
   *
   * @param ofBranch the rows of which an answer may have seen the branch's own cells
   * @param before what rows were at the beginning of the window
   */
  public boolean mayBear(
      Footprint footprint,
      List<Parameter> parameters,
      Delta changes,
      WrittenKeys ofBranch,
      RowsBefore before) {
    if (!(footprint instanceof Footprint.Reads reads)) {
      return tables(footprint)
          .map(tables -> tables.stream().anyMatch(table -> hasMoved(changes.of(table))))
          .orElse(true);
    }
    RowMatcher matcher = new RowMatcher(parameters, Traps.NONE);
    Set<TableId> examined = new HashSet<>();
    for (Occurrence occurrence : reads.occurrences()) {
      for (TableId table : SchemaDrift.descendants(schema, Set.of(occurrence.table()))) {
        examined.add(table);
        if (mayHoldRows(table)
            && mayBear(occurrence, matcher, changes.of(table), ofBranch, before)) {
          return true;
        }
      }
    }
    // What is only written to has no rows among those read.
    Set<TableId> written = stored(reads.traits().writes().map(Writes::targets).orElse(Set.of()));
    return stored(reads.traits().relations()).stream()
        .filter(table -> !examined.contains(table) && !written.contains(table))
        .anyMatch(table -> hasMoved(changes.of(table)));
  }

  /** The tables that a statement writes to, with their families; empty when that is not known. */
  public Optional<Set<TableId>> written(Footprint footprint) {
    return switch (footprint) {
      case Footprint.Reads reads -> written(reads.traits());
      case Footprint.OwnWrite own -> written(own.traits());
      case Footprint.AlwaysRerun rerun -> written(rerun.traits());
      case Footprint.NotOfData ignored -> Optional.of(Set.of());
      case Footprint.Unanswerable ignored -> Optional.empty();
    };
  }

  /** Whether a statement is known to have written no row: its tag says so, and tells of all. */
  public static boolean wroteNothing(Answer answer, Footprint footprint) {
    Optional<Traits> traits =
        switch (footprint) {
          case Footprint.Reads reads -> Optional.of(reads.traits());
          case Footprint.OwnWrite own -> Optional.of(own.traits());
          case Footprint.AlwaysRerun rerun -> Optional.of(rerun.traits());
          case Footprint.NotOfData ignored -> Optional.empty();
          case Footprint.Unanswerable ignored -> Optional.empty();
        };
    return answer.told() == Told.EFFECT
        && answer.commandTag().endsWith(" 0")
        && traits
            .filter(known -> !known.userCode())
            .flatMap(Traits::writes)
            .filter(Writes::counted)
            .isPresent();
  }

  private Optional<Set<TableId>> written(Traits traits) {
    return traits.userCode()
        ? Optional.empty()
        : Optional.of(
            traits
                .writes()
                .map(writes -> SchemaDrift.descendants(schema, writes.targets()))
                .orElse(Set.of()));
  }

  private static boolean hasMoved(TableDelta delta) {
    return !(delta instanceof TableDelta.Rows rows) || !rows.rows().isEmpty();
  }

  private boolean mayBear(
      Occurrence occurrence,
      RowMatcher matcher,
      TableDelta delta,
      WrittenKeys written,
      RowsBefore before) {
    Relation named = schema.relations().get(occurrence.table());
    if (!(delta instanceof TableDelta.Rows rows) || named == null) {
      return true;
    }
    if (rows.rows().isEmpty()) {
      return false;
    }
    Optional<Set<Key>> ofBranch = written.of(rows.shape());
    if (ofBranch.isEmpty()) {
      return true;
    }
    Layout layout = Layout.of(named.shape(), rows.shape());
    Predicate<Image> matches =
        image -> matcher.decide(occurrence.condition(), layout, image, Set.of()).mayBeTrue();
    int[] places = placesInKey(rows.shape());
    List<NewestRow> byKey =
        rows.rows().stream()
            .filter(row ->
                ofBranch.get().contains(row.key())
                    || matches.test(keyed(places, row.key()))
                    || row.now().filter(matches).isPresent())
            .toList();
    if (byKey.stream().anyMatch(row -> ofBranch.get().contains(row.key()))) {
      return true;
    }
    Map<Key, Optional<Image>> known =
        byKey.isEmpty()
            ? Map.of()
            : before.of(rows.shape(), byKey.stream().map(NewestRow::key).toList());
    return byKey.stream()
        .anyMatch(row -> {
          Optional<Image> was = known.get(row.key());
          return was == null
              || (Stream.concat(was.stream(), row.now().stream()).anyMatch(matches)
                  && !(was.isPresent()
                      && row.now().isPresent()
                      && leaves(occurrence, layout, was.get(), row.now().get())));
        });
  }

  /** A row of which nothing is known but its key. */
  private static Image keyed(int[] places, Key key) {
    List<Cell> cells = new ArrayList<>(places.length);
    for (int place : places) {
      cells.add(
          place < 0 || place >= key.values().size()
              ? Cell.Absent.UNCHANGED
              : new Cell.Text(key.values().get(place)));
    }
    return new Image(cells);
  }

  /** Of each column its place in the key, or -1. */
  private static int[] placesInKey(TableShape shape) {
    List<Column> key = shape.keyColumns();
    return shape.columns().stream().mapToInt(key::indexOf).toArray();
  }

  /** Without views and partitioned tables: no feed tells of them, their rows are in others. */
  public Set<TableId> withRows(Set<TableId> tables) {
    return tables.stream().filter(this::mayHoldRows).collect(Collectors.toSet());
  }

  private Set<TableId> stored(Set<TableId> relations) {
    return SchemaDrift.descendants(schema, relations).stream()
        .filter(this::mayHoldRows)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Views and partitioned tables hold none of their own. */
  private boolean mayHoldRows(TableId table) {
    Relation relation = schema.relations().get(table);
    return relation == null || (relation.kind() != 'v' && relation.kind() != 'p');
  }

  /** Whether all rows of a unit may be those that a statement was given to write. */
  public boolean mayBe(Footprint.OwnWrite own, List<Parameter> parameters, Unit unit) {
    RowMatcher matcher = new RowMatcher(parameters, Traps.NONE);
    Map<TableId, TableShape> layouts =
        unit.shapes().stream().collect(Collectors.toMap(TableShape::id, shape -> shape));
    return unit.writes().stream()
        .allMatch(write -> {
          TableShape stored = layouts.get(write.table());
          return stored == null
              || (write instanceof Write.Insert insert
                  && own.traits().relations().stream()
                      .map(table -> schema.relations().get(table))
                      .filter(Objects::nonNull)
                      .allMatch(named ->
                          matcher
                              .decide(
                                  own.given(),
                                  Layout.of(named.shape(), stored),
                                  insert.after(),
                                  Set.of())
                              .mayBeTrue()));
        });
  }

  /**
   * Whether some of these columns of a table may be among what is read. Of a table that is read by
   * another one's name, as a partition is, any may be.
   */
  public static boolean mayRead(Footprint footprint, TableId table, Set<Integer> columns) {
    return !(footprint instanceof Footprint.Reads reads)
        || reads.occurrences().stream()
            .anyMatch(occurrence ->
                !occurrence.table().equals(table)
                    || switch (occurrence.columns()) {
                      case Columns.All ignored -> true;
                      case Columns.Some(var numbers) ->
                          numbers.stream().anyMatch(columns::contains);
                    });
  }

  /** Whether some row that a unit wrote, before or after, may be among those read. */
  public boolean mayMatch(Footprint footprint, List<Parameter> parameters, Unit unit) {
    return mayMatch(footprint, parameters, unit, (shape, write) -> Set.of(), false);
  }

  /**
   * Whether an answer may be another one for what a unit wrote: some row of it may be among those
   * read, and differs in what is read of it.
   *
   * @param shared which cells of the row others decide with it
   */
  public boolean mayTell(
      Footprint footprint, List<Parameter> parameters, Unit unit, SharedCells shared) {
    return mayMatch(
        footprint, parameters, unit, (shape, write) -> shared.of(unit, shape, write), true);
  }

  /**
   * The same of a statement that removed or renamed rows, and so looked for those that refer to
   * them.
   *
   * @param words what its own words read
   * @param own what its transaction wrote
   * @param shared which cells of the unit's rows others decide with it
   */
  public boolean mayTellOrFollow(
      Footprint.Reads words,
      List<Parameter> parameters,
      Optional<Unit> own,
      Unit unit,
      SharedCells shared) {
    boolean told =
        schema.relations().values().stream().anyMatch(one -> !one.references().isEmpty());
    return !told
        || mayTell(words, parameters, unit, shared)
        || own.filter(known -> refers(unit, known)).isPresent();
  }

  /** Whether some row that a unit wrote refers, before or after, to one that another one wrote. */
  private boolean refers(Unit unit, Unit parents) {
    return unit.writes().stream()
        .anyMatch(write -> {
          Relation child = schema.relations().get(write.table());
          return child == null
              || child.references().stream()
                  .anyMatch(reference -> refers(write, unit, reference, parents));
        });
  }

  private boolean refers(Write write, Unit unit, SchemaSnapshot.Reference reference, Unit parents) {
    Set<TableId> family = SchemaDrift.descendants(schema, Set.of(reference.parent()));
    Optional<Set<List<Cell>>> named = tuples(write, unit, write.table(), reference.columns());
    return parents.writes().stream()
        .filter(parent -> family.contains(parent.table()))
        .anyMatch(parent -> {
          Optional<Set<List<Cell>>> removed =
              tuples(parent, parents, reference.parent(), reference.parentColumns());
          return named.isEmpty()
              || removed.isEmpty()
              || !Collections.disjoint(named.get(), removed.get());
        });
  }

  /**
   * What a write's row holds, before and after, in some columns; empty when that is not known.
   *
   * @param named the table by whose numbers the columns go
   */
  private Optional<Set<List<Cell>>> tuples(
      Write write, Unit unit, TableId named, List<Integer> columns) {
    Optional<TableShape> stored =
        unit.shapes().stream().filter(shape -> shape.id().equals(write.table())).findFirst();
    Relation relation = schema.relations().get(named);
    if (stored.isEmpty() || relation == null || write instanceof Write.Truncate) {
      return Optional.empty();
    }
    Layout layout = Layout.of(relation.shape(), stored.get());
    if (!columns.stream().allMatch(column -> isSpelledOnce(relation, column))) {
      return Optional.empty();
    }
    List<Integer> places = columns.stream().map(layout::indexOf).toList();
    Set<List<Cell>> tuples = new HashSet<>();
    for (Image image : write.images().stream().toList()) {
      List<Cell> tuple = new ArrayList<>();
      for (int place : places) {
        Cell cell = place < 0 ? Cell.Absent.UNCHANGED : image.cells().get(place);
        if (cell == Cell.Absent.UNCHANGED) {
          return Optional.empty();
        }
        tuple.add(cell);
      }
      tuples.add(tuple);
    }
    return Optional.of(tuples);
  }

  /** Whether two values of a column are equal only where their texts are. */
  private static boolean isSpelledOnce(Relation relation, int column) {
    SchemaSnapshot.ColumnFacts facts = relation.columnFacts().get(column);
    return facts != null
        && facts.collationDeterministic()
        && relation.shape().columns().stream()
            .anyMatch(one -> one.number() == column && SPELLED_ONCE.contains(one.typeOid()));
  }

  /** The places in a write's images that may hold anything. */
  private interface Doubtful {
    Set<Integer> places(TableShape shape, Write write);
  }

  private boolean mayMatch(
      Footprint footprint,
      List<Parameter> parameters,
      Unit unit,
      Doubtful doubtful,
      boolean tells) {
    return switch (footprint) {
      case Footprint.Reads reads -> {
        RowMatcher matcher = new RowMatcher(parameters, Traps.NONE);
        yield reads.occurrences().stream()
            .anyMatch(occurrence ->
                unit.writes().stream()
                    .anyMatch(
                        write -> mayMatch(occurrence, matcher, unit, write, doubtful, tells)));
      }
      case Footprint.OwnWrite ignored -> false;
      case Footprint.NotOfData ignored -> false;
      case Footprint.AlwaysRerun rerun ->
          rerun.traits().userCode() || writesAny(unit, rerun.traits().relations());
      case Footprint.Unanswerable ignored -> true;
    };
  }

  private boolean writesAny(Unit unit, Set<TableId> relations) {
    Set<TableId> tables = SchemaDrift.descendants(schema, relations);
    return unit.writes().stream().anyMatch(write -> tables.contains(write.table()));
  }

  private boolean mayMatch(
      Occurrence occurrence,
      RowMatcher matcher,
      Unit unit,
      Write write,
      Doubtful doubtful,
      boolean tells) {
    if (!family(occurrence.table()).contains(write.table())) {
      return false;
    }
    Optional<TableShape> stored =
        unit.shapes().stream().filter(shape -> shape.id().equals(write.table())).findFirst();
    Relation named = schema.relations().get(occurrence.table());
    if (stored.isEmpty() || named == null) {
      return true;
    }
    Layout layout = layout(named.shape(), stored.get());
    if (tells
        && write instanceof Write.Update update
        && leaves(occurrence, layout, update.before(), update.after())) {
      return false;
    }
    Set<Integer> places = doubtful.places(stored.get(), write);
    return write instanceof Write.Truncate
        || write.images().stream()
            .anyMatch(
                image -> matcher.decide(occurrence.condition(), layout, image, places).mayBeTrue());
  }

  /** Whether a row is the same before and after in all that is read of it. */
  private static boolean leaves(Occurrence occurrence, Layout layout, Image before, Image after) {
    return switch (occurrence.columns()) {
      case Columns.All ignored -> false;
      case Columns.Some(var numbers) ->
          numbers.stream()
              .map(layout::indexOf)
              .allMatch(place -> {
                if (place < 0) {
                  return false;
                }
                Cell cell = before.cells().get(place);
                return cell != Cell.Absent.UNCHANGED && cell.equals(after.cells().get(place));
              });
    };
  }
}
