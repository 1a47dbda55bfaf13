package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One definition that was made, altered or dropped on a branch.
 *
 * @param at when, by the branch's clock; its own session sees it from then on
 * @param committed when its transaction was committed, where that is known: until then nobody else
 *     sees it
 * @param transactionId the whole transaction's
 * @param kind the catalog that the object is in, such as {@code pg_trigger}
 * @param object its OID there
 * @param part the number of a column; 0 for all else
 * @param ofTheBranch whether the object was made on the branch
 * @param relations the relations whose rows it bears on: of a table itself and its parents
 * @param name its own, at that moment
 * @param dropped whether it was dropped
 * @param state what else than its parts it was from then on, to compare; empty where its catalog
 *     row tells
 */
public record DdlEntry(
    Instant at,
    Optional<Instant> committed,
    long transactionId,
    String kind,
    long object,
    int part,
    boolean ofTheBranch,
    Set<TableId> relations,
    String name,
    boolean dropped,
    String state) {

  public DdlEntry {
    relations = Set.copyOf(relations);
  }
}
