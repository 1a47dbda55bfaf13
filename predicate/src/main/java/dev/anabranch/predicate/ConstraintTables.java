package dev.anabranch.predicate;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.rule.Reading;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The tables with whose rows constraints may have compared what statements wrote of which nothing
 * is left, or of which the branch has made something else since.
 */
final class ConstraintTables {

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private record Transaction(UUID session, long number) {}

  private ConstraintTables() {}

  /**
   * @param reading knows the tables at the fork point
   * @param footprints of the branch's answers
   */
  static Set<TableId> of(BranchHistory history, Reading reading, Map<Long, Footprint> footprints) {
    Set<TableId> changing =
        history.units().stream()
            .flatMap(unit -> unit.writes().stream())
            .filter(write -> !(write instanceof Write.Insert))
            .map(Write::table)
            .collect(Collectors.toSet());
    Map<Transaction, Ending> endings = new HashMap<>();
    history
        .endings()
        .forEach(
            ending -> endings.put(new Transaction(ending.session(), ending.transaction()), ending));
    Set<TableId> written = new HashSet<>();
    for (Answer answer : history.answers()) {
      Set<TableId> tables =
          reading.written(footprints.getOrDefault(answer.id(), UNKNOWN)).orElse(Set.of());
      if (tables.isEmpty()) {
        continue;
      }
      boolean isLeft =
          answer.told() != Told.REFUSAL
              && Optional.ofNullable(
                      endings.get(new Transaction(answer.session(), answer.transaction())))
                  .filter(ending -> !ending.mayHaveTakenBack(answer.span().end()))
                  .isPresent();
      if (!isLeft || !Collections.disjoint(tables, changing)) {
        written.addAll(tables);
      }
    }
    return written.isEmpty() ? Set.of() : reading.withRows(reading.withReferences(written));
  }
}
