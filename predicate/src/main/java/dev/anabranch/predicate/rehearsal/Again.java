package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import java.util.List;
import java.util.Set;

/** What came of a transaction of the branch that was executed again on main as it is now. */
public sealed interface Again {

  /**
   * It can be told what it would write.
   *
   * @param unit the transaction, with what it would write now in place of what it wrote
   * @param told one for each statement that was executed, in order
   * @param reads the tables whose rows it read
   * @param saysAll whether its statements' words tell all that they read, so that no other row can
   *     matter to them
   */
  record Done(Unit unit, List<Told> told, Set<TableId> reads, boolean saysAll) implements Again {
    public Done {
      told = List.copyOf(told);
      reads = Set.copyOf(reads);
    }
  }

  /**
   * It can't be told.
   *
   * @param why in one clause
   */
  record Not(String why) implements Again {}

  /**
   * What a statement told its client, then and now.
   *
   * @param answer the statement's
   * @param same whether the client would be told the same
   * @param was in words
   * @param now in words
   */
  record Told(long answer, boolean same, String was, String now) {}
}
