package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.Fact;
import dev.anabranch.promote.NotRelied;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a promotion will write and what it will hold.
 *
 * @param landing ids of the units that land, in commit order
 * @param held ids of the units that stay behind
 * @param changes the rows to write, in the order of the units behind them, before new keys are
 *     drawn
 * @param numbers the generated keys among the inserts, for which main's sequences have to be asked
 * @param moves sequences that have to be moved on
 * @param facts why units are held, roots only
 * @param restsOn ids of the answers that the landing units rest on
 * @param notRelied the answers that don't hold and are no reason for anything
 * @param tables the tables concerned, as they were when planned
 * @param keyColumns the key's columns of each of them, by number
 */
public record Plan(
    List<Long> landing,
    List<Long> held,
    List<RowChange> changes,
    List<NumberRequest> numbers,
    List<SequenceMove> moves,
    List<Fact> facts,
    Set<Long> restsOn,
    List<NotRelied> notRelied,
    Map<TableId, MainTable> tables,
    Map<TableId, List<Integer>> keyColumns) {
  public Plan {
    landing = List.copyOf(landing);
    held = List.copyOf(held);
    changes = List.copyOf(changes);
    numbers = List.copyOf(numbers);
    moves = List.copyOf(moves);
    facts = List.copyOf(facts);
    restsOn = Set.copyOf(restsOn);
    notRelied = List.copyOf(notRelied);
    tables = Map.copyOf(tables);
    keyColumns = Map.copyOf(keyColumns);
  }
}
