package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.ShortDigest;
import dev.anabranch.base.TableId;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.NotRelied;
import dev.anabranch.promote.merge.MergedCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * What a promotion will write and what it will hold.
 *
 * @param landing ids of the units that land, in commit order
 * @param held ids of the units that stay behind until something is decided
 * @param dropped ids of the units that never land
 * @param changes the rows to write, in the order of the units behind them, before new keys are
 *     drawn
 * @param numbers the generated keys among the inserts, for which main's sequences have to be asked
 * @param moves sequences that have to be moved on
 * @param facts why units are held, roots only, and what was decided
 * @param restsOn ids of the answers that the landing units rest on
 * @param accepted ids of the answers that a person accepts, now or before
 * @param notRelied the answers that don't hold and are no reason for anything
 * @param tables the tables concerned, as they were when planned
 * @param keyColumns the key's columns of each of them, by number
 * @param moved what lands elsewhere, or is on main already, and is only told
 * @param merged the cells that rules have a part in; only the first {@value MergedCell#LIMIT}
 * @param alsoChanged by the ids of landing units, the tables of which they write what main has
 *     changed as well
 * @param digest of all of it: the same as long as the same would land and the same be asked
 */
public record Plan(
    List<Long> landing,
    List<Long> held,
    List<Long> dropped,
    List<RowChange> changes,
    List<NumberRequest> numbers,
    List<SequenceMove> moves,
    List<Fact> facts,
    Set<Long> restsOn,
    Set<Long> accepted,
    List<NotRelied> notRelied,
    Map<TableId, MainTable> tables,
    Map<TableId, List<Integer>> keyColumns,
    List<Fact> moved,
    List<MergedCell> merged,
    Map<Long, Set<TableId>> alsoChanged,
    String digest) {

  private static final int DIGEST_DIGITS = 16;

  public Plan {
    landing = List.copyOf(landing);
    held = List.copyOf(held);
    dropped = List.copyOf(dropped);
    changes = List.copyOf(changes);
    numbers = List.copyOf(numbers);
    moves = List.copyOf(moves);
    facts = List.copyOf(facts);
    restsOn = Set.copyOf(restsOn);
    accepted = Set.copyOf(accepted);
    notRelied = List.copyOf(notRelied);
    tables = Map.copyOf(tables);
    keyColumns = Map.copyOf(keyColumns);
    moved = List.copyOf(moved);
    merged = List.copyOf(merged);
    alsoChanged = Map.copyOf(alsoChanged);
  }

  /**
   * Of a plan without one, what it goes by.
   *
   * @param stateOf what an answer's verdict is known to be the same by: whoever accepts an answer
   *     and approves the plan has seen what it is now
   */
  Plan digested(LongFunction<String> stateOf) {
    ShortDigest print = new ShortDigest();
    for (List<Long> units : List.of(landing, held, dropped)) {
      print.add(units.toString());
    }
    facts.forEach(fact -> print.add(fact.id()).add(digestOf(fact)));
    changes.forEach(change -> print.add(digestOf(change)));
    print.add(
        accepted.stream()
            .filter(restsOn::contains)
            .sorted()
            .map(answer -> answer + " " + stateOf.apply(answer))
            .toList()
            .toString());
    return with(print.hex(DIGEST_DIGITS));
  }

  /**
   * What rests on answers that were accepted although they can't be told has no value of theirs in
   * its digest: the position of main through which what they read stayed as it was shown is.
   */
  public Plan shownAsOf(Lsn position) {
    return with(ShortDigest.of(DIGEST_DIGITS, List.of(digest, position.toString())));
  }

  private Plan with(String another) {
    return new Plan(
        landing,
        held,
        dropped,
        changes,
        numbers,
        moves,
        facts,
        restsOn,
        accepted,
        notRelied,
        tables,
        keyColumns,
        moved,
        merged,
        alsoChanged,
        another);
  }

  /** Whether main is to another plan, made later, as it was to this one, its sequences included. */
  public boolean isMadeOnTheSame(Plan later) {
    return digest.equals(later.digest)
        && numbers.equals(later.numbers)
        && moves.equals(later.moves);
  }

  /** Whether some cell gets what a person gave: nobody has seen main take it. */
  public boolean hasValuesByHand() {
    return facts.stream()
        .flatMap(fact -> fact.decided().stream())
        .anyMatch(decided -> !decided.value().isEmpty());
  }

  /** The same plan of which nothing lands. */
  public Plan holdingAll() {
    List<Long> staying = new ArrayList<>(held);
    staying.addAll(landing);
    return new Plan(
        List.of(),
        staying.stream().sorted().toList(),
        dropped,
        List.of(),
        List.of(),
        List.of(),
        facts,
        Set.of(),
        accepted,
        notRelied,
        tables,
        keyColumns,
        List.of(),
        List.of(),
        Map.of(),
        digest);
  }

  /** Of a fact and what was decided about it. */
  public static String digestOf(Fact fact) {
    return ShortDigest.of(
        DIGEST_DIGITS,
        List.of(
            fact.state(),
            fact.units().toString(),
            fact.decided()
                .map(decided -> decided.choice() + " " + decided.value() + " " + decided.columns())
                .orElse("")));
  }

  /** Of a row that is written, with main's row that it was merged with. */
  public static String digestOf(RowChange change) {
    List<String> parts =
        new ArrayList<>(List.of(change.table().toString(), change.key().toString()));
    switch (change) {
      case RowChange.Insert insert -> {
        parts.add("insert");
        add(parts, insert.cells());
      }
      case RowChange.Update update -> {
        parts.add("update");
        add(parts, update.before().row().values());
        add(parts, update.cells());
      }
      case RowChange.Delete delete -> {
        parts.add("delete");
        add(parts, delete.before().row().values());
      }
    }
    return ShortDigest.of(DIGEST_DIGITS, parts);
  }

  /** Which number main draws is not known before it is drawn. */
  private static void add(List<String> parts, Map<Integer, CellValue> cells) {
    parts.add(Integer.toString(cells.size()));
    cells.forEach((column, value) -> {
      parts.add(column.toString());
      parts.add(
          switch (value) {
            case CellValue.Known(Cell cell) -> "known " + cell;
            case CellValue.ToDraw(NumberRequest request) ->
                "drawn " + request.table() + " " + request.column() + " " + request.value();
          });
    });
  }
}
