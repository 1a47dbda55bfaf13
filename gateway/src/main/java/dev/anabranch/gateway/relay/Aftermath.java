package dev.anabranch.gateway.relay;

import java.util.Map;
import java.util.Optional;

/** What a completed statement did to its session and its transaction, beside giving an answer. */
final class Aftermath {

  private final SessionSettings settings;
  private final Transactions transactions;
  private final Map<String, PreparedStatement> statements;
  private final Runnable abandonPortals;

  /**
   * @param statements those that the client has prepared
   * @param abandonPortals ends all portals, as the end of a transaction does
   */
  Aftermath(
      SessionSettings settings,
      Transactions transactions,
      Map<String, PreparedStatement> statements,
      Runnable abandonPortals) {
    this.settings = settings;
    this.transactions = transactions;
    this.statements = statements;
    this.abandonPortals = abandonPortals;
  }

  /** Postgres completed a statement with this tag. */
  void of(SqlStatement statement, String tag, Transaction transaction, Mark sent) {
    switch (CommandEffect.of(tag, statement)) {
      case BEGIN -> transaction.makeExplicit();
      case COMMIT -> {
        abandonPortals.run();
        transactions.committed(sent);
      }
      case PREPARE_TRANSACTION -> {
        abandonPortals.run();
        transactions.leftUndecided(sent);
      }
      case ROLLBACK -> {
        abandonPortals.run();
        transactions.rolledBack(sent);
      }
      case ROLLBACK_TO_SAVEPOINT -> {
        transaction.rolledBackToSavepoint();
        if (transaction.hasChangedSettings()) {
          settings.doubt();
        }
      }
      case SETTINGS -> settingsMayHaveChanged(statement, transaction);
      case PREPARE -> forget(statement);
      case READ -> {}
      case PERHAPS_WRITE -> transaction.mayHaveWritten();
      case WRITE -> transaction.wrote();
    }
    if (statement.commitsInside()) {
      transaction.commitsInside();
    }
    if (statement.mayMakeTemporary()) {
      // From here on nobody else can tell which tables this session's statements mean.
      settings.set(Optional.empty());
    }
    if (statement.mayChangeSettings()) {
      settingsMayHaveChanged(statement, transaction);
    }
  }

  private void settingsMayHaveChanged(SqlStatement statement, Transaction transaction) {
    settings.set(SettingNames.setBy(statement));
    transaction.settingsChanged();
  }

  /** PREPARE gives a name a new meaning behind the protocol's back. */
  private void forget(SqlStatement statement) {
    if (statement.words().size() > 1) {
      statements.remove(statement.words().get(1));
    } else {
      statements.clear();
    }
  }
}
