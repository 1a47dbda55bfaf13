package dev.anabranch.predicate.rule;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.overlay.ChangedRows;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.overlay.Overlay;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import dev.anabranch.predicate.overlay.RowThenAndNow.Conflict;
import dev.anabranch.predicate.rule.Overlays.Calling;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Proof;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Proves that an answer still holds from the changes alone.
 *
 * <p>Let the answer be a function of the bags π_C σ_φ of its occurrences: columns C of the rows
 * that satisfy φ. If for every occurrence the changed rows contribute equal bags before and after,
 * the answer is the same, whatever else the statement does. Nothing about monotonicity is needed,
 * so this covers aggregates, NOT EXISTS and windows alike.
 */
public final class Prover {

  private final SchemaSnapshot schema;
  private final Changes changes;
  private final Combining combining;
  private final Traps traps;
  private final Overlays overlays;

  /**
   * One where no columns combine.
   *
   * @param schema the tables at the fork point
   * @param changes since then
   * @param numbering what the branch's rows are called on main
   */
  public Prover(SchemaSnapshot schema, Changes changes, Numbering numbering, Traps traps) {
    this(schema, changes, numbering, Combining.NONE, traps);
  }

  /**
   * @param combining the columns of main that combine
   */
  public Prover(
      SchemaSnapshot schema,
      Changes changes,
      Numbering numbering,
      Combining combining,
      Traps traps) {
    this.schema = schema;
    this.changes = changes;
    this.combining = combining;
    this.traps = traps;
    this.overlays = new Overlays(schema, changes, numbering, combining, traps);
  }

  /**
   * Takes over what an earlier prover of the same branch has made.
   *
   * @param then the branch's past as it was told to that
   * @param now the same, as it is told to this
   * @param since what main has changed in between
   */
  public void takeOver(Prover earlier, Past then, Past now, Since since) {
    overlays.takeOver(earlier.overlays, then, now, since);
  }

  /**
   * @param reads what the answer depends on; its relations' definitions are the same at the fork,
   *     on the branch and now
   * @param matcher with the answer's parameters
   * @param seen the branch's own writes that it saw
   */
  public Finding prove(Footprint.Reads reads, RowMatcher matcher, Seen seen) {
    return prove(reads, matcher, seen, new OwnRows.None());
  }

  /**
   * The same, for a statement whose place among the writes of its own transaction is not known.
   *
   * @param own the rows that the transaction wrote: a change of main to what is read there is left
   *     open
   */
  public Finding prove(Footprint.Reads reads, RowMatcher matcher, Seen seen, OwnRows own) {
    return prove(reads, matcher, new View(seen, own, Calling.MAIN));
  }

  /**
   * The same by the branch's own names of rows: whether what main has done to the rows themselves
   * bears on it, whatever they are called there.
   */
  public Finding proveAsTheBranchCalls(
      Footprint.Reads reads, RowMatcher matcher, Seen seen, OwnRows own) {
    return prove(reads, matcher, new View(seen, own, Calling.BRANCH));
  }

  /** Changes to rows that the branch calls otherwise than main. */
  public NamedRows namedRows() {
    return new NamedRows(schema, overlays, traps);
  }

  /** From where changes are looked at. */
  private record View(Seen seen, OwnRows own, Calling calling) {}

  private Finding prove(Footprint.Reads reads, RowMatcher matcher, View view) {
    Finding whole = new Finding.Proven(Proof.UNTOUCHED, "");
    for (Occurrence occurrence : reads.occurrences()) {
      Optional<Movement> movement = reads.rule().map(rule -> new Movement(rule, traps));
      whole = whole.and(prove(occurrence, matcher, view, new Balance(movement, traps)));
    }
    return whole instanceof Finding.Proven(Proof proof, var ignored)
        ? new Finding.Proven(proof, reason(proof))
        : whole;
  }

  /**
   * Whether main and the branch contradict each other in this row, so that {@link #prove} has asked
   * whether that bears on the answer.
   */
  public boolean contradicts(TableId table, Key key, Seen seen) {
    Optional<Overlay> overlay = overlays.of(table, seen.past(), Calling.MAIN);
    return overlay.isPresent()
        && !overlay.get().isUnkeyed(seen)
        && overlay.get().contradicts(key, seen);
  }

  /**
   * Whether a proof about one of these tables can come out otherwise when a unit was seen than when
   * it was not.
   *
   * <p>A proof looks at the rows that main changed, at those that landed, and at no others: for any
   * other row the answer saw what it would see now, with this unit or without it. So units that
   * touch none of these rows need no second look, however many were under way.
   */
  public boolean bears(Set<TableId> tables, Past past, Unit unit) {
    int place = past.placeOf(unit);
    return unit.writes().stream()
        .map(Write::table)
        .distinct()
        .filter(tables::contains)
        .anyMatch(table ->
            Stream.of(Calling.values())
                .flatMap(calling -> overlays.of(table, past, calling).stream())
                .anyMatch(overlay -> overlay.bears(place)));
  }

  /**
   * Whether it is known that main has changed none of the rows that a unit wrote to these tables,
   * and that none of them has landed: main has them as they were at the fork point.
   */
  public boolean isApart(Set<TableId> tables, Past past, Unit unit) {
    int place = past.placeOf(unit);
    return unit.writes().stream()
        .map(Write::table)
        .distinct()
        .filter(tables::contains)
        .allMatch(table ->
            Stream.of(Calling.values())
                .allMatch(calling ->
                    overlays
                        .of(table, past, calling)
                        .filter(overlay -> !overlay.bears(place))
                        .isPresent()));
  }

  /** A proof in words. */
  public static String reason(Proof proof) {
    return switch (proof) {
      case UNTOUCHED -> "nothing it read has changed";
      case COLUMNS -> "only columns that it does not read have changed";
      case PREDICATE -> "no changed row matches, before or after";
      case NET -> "the changed rows that match cancel out";
      case RULE -> "it follows from the changes";
      case RERUN -> "asked again, the answer is the same";
      case NONE -> "";
    };
  }

  private Finding prove(Occurrence occurrence, RowMatcher matcher, View view, Balance balance) {
    Relation named = schema.relations().get(occurrence.table());
    if (named == null) {
      return new Finding.Open(AskedBecause.REDEFINED, Tally.NOTHING, Set.of(occurrence.table()));
    }
    Set<TableId> tables =
        occurrence.withDescendants() && !traps.has(Trap.SKIP_DESCENDANTS)
            ? SchemaDrift.descendants(schema, Set.of(occurrence.table()))
            : Set.of(occurrence.table());
    Map<TableId, AskedBecause> unexamined = new LinkedHashMap<>();
    for (TableId table : tables) {
      Relation stored = schema.relations().get(table);
      if (stored == null || stored.kind() == 'p') {
        continue;
      }
      switch (examine(occurrence, named.shape(), stored, matcher, view, balance)) {
        case Examined.Wholly ignored -> {}
        case Examined.NotAtAll(AskedBecause why) -> unexamined.put(table, why);
        case Examined.UpTo(Finding.Contradicted contradiction) -> {
          return contradiction;
        }
      }
    }
    return unexamined.isEmpty()
        ? balance.finding()
        : new Finding.Open(
            unexamined.values().iterator().next(), Tally.NOTHING, unexamined.keySet());
  }

  /** How far the changes of one table were looked at. */
  private sealed interface Examined {
    record Wholly() implements Examined {}

    record NotAtAll(AskedBecause why) implements Examined {}

    /** A contradiction that bears on the answer. */
    record UpTo(Finding.Contradicted contradiction) implements Examined {}
  }

  /** Adds one table's changes to the balance; or says why they can't be known. */
  private Examined examine(
      Occurrence occurrence,
      TableShape named,
      Relation stored,
      RowMatcher matcher,
      View view,
      Balance balance) {
    if (stored.kind() == 'm' && stored.refreshedWhole()) {
      // Its definition and its storage are the same at the fork and now, so nobody has refreshed
      // it.
      return new Examined.Wholly();
    }
    if (stored.kind() != 'r' || stored.persistence() != 'p') {
      return open(AskedBecause.NOT_FOLLOWED);
    }
    return switch (changes.of(stored.shape().id())) {
      case TableDelta.Unwatched ignored -> open(AskedBecause.NOT_FOLLOWED);
      case TableDelta.Touched ignored ->
          traps.has(Trap.SKIP_TRUNCATE) ? new Examined.Wholly() : open(AskedBecause.NOT_FOLLOWED);
      case TableDelta.Rows delta -> {
        if (delta.rows().isEmpty() && view.seen().past().landed().units().isEmpty()) {
          yield new Examined.Wholly();
        }
        if (!Overlays.sameColumns(delta.shape(), stored.shape())) {
          yield open(AskedBecause.REDEFINED);
        }
        Optional<Overlay> overlay =
            overlays.of(delta, stored.shape(), view.seen().past(), view.calling());
        if (overlay.isEmpty()) {
          yield open(AskedBecause.RENUMBERED);
        }
        yield delta.rows().isEmpty() && overlay.get().isEmpty()
            ? new Examined.Wholly()
            : examine(occurrence, named, delta.shape(), overlay.get(), matcher, view, balance);
      }
    };
  }

  private Examined examine(
      Occurrence occurrence,
      TableShape named,
      TableShape shape,
      Overlay overlay,
      RowMatcher matcher,
      View view,
      Balance balance) {
    if (overlay.isUnkeyed(view.seen())) {
      return new Examined.UpTo(
          new Finding.Contradicted(
              "main changed " + shape.qualifiedName() + " and the branch emptied or rewrote it",
              Tally.NOTHING));
    }
    Layout layout = Layout.of(named, shape);
    List<Integer> places = places(occurrence.columns(), layout, shape);
    if (places.contains(-1)) {
      return open(AskedBecause.NOT_FOLLOWED);
    }
    Look look = new Look(occurrence, shape, layout, places, matcher);
    List<RowThenAndNow> mixed = overlay.mixed(view.seen());
    if (mayBeOwn(overlay.plain(), mixed, look, view.own())) {
      return open(AskedBecause.OWN_ROWS);
    }
    balance.somethingChanged(Proof.NET);
    balance.addAll(overlay.plain(), look);
    for (RowThenAndNow called : mixed) {
      RowThenAndNow change = called.under(overlay.shown(called.key()));
      Optional<Finding.Contradicted> conflict = conflict(change, look);
      if (conflict.isPresent()) {
        return new Examined.UpTo(conflict.get());
      }
      if (change.conflict() instanceof Conflict.None
          || change.conflict() instanceof Conflict.Cells) {
        balance.add(change, look);
      }
    }
    return new Examined.Wholly();
  }

  /** Whether main changed what is read of a row that the statement's own transaction wrote. */
  private static boolean mayBeOwn(
      ChangedRows plain, List<RowThenAndNow> mixed, Look look, OwnRows own) {
    return own.among(look.shape().id(), plain, mixed)
        .anyMatch(change -> !look.sameWhereRead(change));
  }

  /** A contradiction that may bear on the answer. */
  private Optional<Finding.Contradicted> conflict(RowThenAndNow change, Look look) {
    boolean bears =
        switch (change.conflict()) {
          case Conflict.None ignored -> false;
          case Conflict.Cells(Set<Integer> cells) ->
              look.places().stream().anyMatch(cells::contains)
                  && (look.mayMatch(change.before(), Set.of())
                      || look.mayMatch(change.after(), cells));
          case Conflict.Rows(Optional<Image> main) ->
              look.mayMatch(change.before(), Set.of()) || look.mayMatch(main, Set.of());
        };
    if (!bears || traps.has(Trap.IGNORE_CONTRADICTIONS)) {
      return Optional.empty();
    }
    Tally tally = new Tally(0, 0, 1, List.of(look.evidence(change)));
    return Optional.of(
        new Finding.Contradicted(
            "main and the branch both changed "
                + look.shape().qualifiedName()
                + " ("
                + change.key()
                + ")",
            tally));
  }

  /** All that there is to read of a row, and of what combines no more than is read. */
  public Columns allButCombined(Occurrence occurrence) {
    SchemaSnapshot.Relation relation = schema.relations().get(occurrence.table());
    Set<Integer> combined = combining.of(occurrence.table()).keySet();
    if (relation == null || combined.isEmpty()) {
      return new Columns.All();
    }
    SortedSet<Integer> others = new TreeSet<>();
    relation.shape().columns().forEach(column -> others.add(column.number()));
    others.removeAll(combined);
    return Columns.together(occurrence.columns(), new Columns.Some(others));
  }

  static List<Integer> places(Columns columns, Layout layout, TableShape stored) {
    return switch (columns) {
      case Columns.All ignored -> IntStream.range(0, stored.columns().size()).boxed().toList();
      case Columns.Some(var numbers) -> numbers.stream().map(layout::indexOf).toList();
    };
  }

  private static Examined open(AskedBecause why) {
    return new Examined.NotAtAll(why);
  }
}
