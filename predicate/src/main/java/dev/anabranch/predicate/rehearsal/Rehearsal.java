package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.timeline.Seen;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Statements of one transaction that are to be executed again, in order, on a copy of main at the
 * place that they had among the branch's writes.
 *
 * @param statements all that may have written, and the one that is asked about
 * @param seen the branch's writes to lay over main first
 * @param uncertain tables that other transactions wrote which some of the statements may have seen,
 *     and others not
 * @param unit what the transaction wrote; empty when it wrote nothing, or when {@code whole} is
 *     false
 * @param whole whether these are all the statements that can have written, so that what they write
 *     can be compared
 */
public record Rehearsal(
    List<Answer> statements,
    Seen seen,
    Set<TableId> uncertain,
    Optional<Unit> unit,
    boolean whole) {
  public Rehearsal {
    statements = List.copyOf(statements);
    uncertain = Set.copyOf(uncertain);
  }
}
