package dev.anabranch.promote.apply;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.apply.RowStatements.MovedException;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;

/** Writes sets of rows, each of them whole or not at all, one savepoint at a time. */
final class Tries {

  private final Connection connection;
  private final RowStatements statements;
  private final Optional<LockPatience> patience;
  private final CommitWatch watch;
  private final Traps traps;

  /**
   * @param patience for rows that another transaction has locked and that are then refused like
   *     those that do not fit; where there is none, one fails the whole
   */
  Tries(
      Connection connection,
      RowStatements statements,
      Optional<LockPatience> patience,
      CommitWatch watch,
      Traps traps) {
    this.connection = connection;
    this.statements = statements;
    this.patience = patience;
    this.watch = watch;
    this.traps = traps;
  }

  /** Something that is looked at and not kept. */
  @FunctionalInterface
  interface Look<T> {
    T take() throws SQLException, MovedException;
  }

  /** Writes rows, whatever places they change among them, or tells what main refuses them with. */
  Optional<SQLException> refusal(List<RowChange> changes) throws SQLException, MovedException {
    Optional<SQLException> refusal = refusalInPlace(changes);
    return refusal.filter(MainRefusal::isTaken).isPresent()
            && changes.stream().anyMatch(statements::movesUniqueValue)
        ? refusal(changes, true)
        : refusal;
  }

  /** Writes rows, each in place, or tells what main refuses them with. */
  Optional<SQLException> refusalInPlace(List<RowChange> changes)
      throws SQLException, MovedException {
    return refusal(changes, false);
  }

  /** Takes back whatever was written for a look. */
  <T> T takenBack(Look<T> look) throws SQLException, MovedException {
    Savepoint savepoint = connection.setSavepoint();
    int mark = watch.mark();
    T seen = look.take();
    backTo(savepoint, mark);
    return seen;
  }

  private Optional<SQLException> refusal(List<RowChange> changes, boolean inExchange)
      throws SQLException, MovedException {
    Savepoint savepoint = connection.setSavepoint();
    int mark = watch.mark();
    try {
      if (inExchange) {
        statements.writeInExchange(changes);
      } else {
        statements.write(changes);
      }
      connection.releaseSavepoint(savepoint);
      return Optional.empty();
    } catch (SQLException e) {
      boolean taken = traps.has(Trap.ONLY_DATA_REFUSES) && !MainRefusal.isOfTheData(e);
      boolean left = patience.isPresent() && MainRefusal.isLocked(e);
      if (!left && (!MainRefusal.isOfTheRow(e) || taken)) {
        throw e;
      }
      backTo(savepoint, mark);
      if (left) {
        patience.get().wasInVain();
      }
      return Optional.of(e);
    }
  }

  /** One that is rolled back and not released stands around all that come after it. */
  private void backTo(Savepoint savepoint, int mark) throws SQLException {
    connection.rollback(savepoint);
    connection.releaseSavepoint(savepoint);
    watch.backTo(mark);
  }
}
