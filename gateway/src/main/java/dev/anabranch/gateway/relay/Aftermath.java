package dev.anabranch.gateway.relay;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a completed statement did to its session and its transaction, beside giving an answer. */
final class Aftermath {

  private static final int LONGEST_NAME = 200;

  /** They run no code, however little is known of what may. */
  private static final Set<String> WORDS_ALONE =
      Set.of("set", "reset", "discard", "begin", "start", "savepoint", "release", "rollback");

  private final Unsettling unsettling;
  private final Spoken spoken;
  private final Cursors cursors;
  private final AnswerWriter answers;
  private final TextEncoding encoding;
  private final SessionSettings settings;
  private final TransactionTracker transactions;
  private final Map<String, PreparedStatement> statements;
  private final Runnable abandonPortals;

  /**
   * @param statements those that the client has prepared
   * @param abandonPortals ends all portals, as the end of a transaction does
   */
  Aftermath(
      Unsettling unsettling,
      Spoken spoken,
      Cursors cursors,
      AnswerWriter answers,
      TextEncoding encoding,
      SessionSettings settings,
      TransactionTracker transactions,
      Map<String, PreparedStatement> statements,
      Runnable abandonPortals) {
    this.unsettling = unsettling;
    this.spoken = spoken;
    this.cursors = cursors;
    this.answers = answers;
    this.encoding = encoding;
    this.settings = settings;
    this.transactions = transactions;
    this.statements = statements;
    this.abandonPortals = abandonPortals;
  }

  /** Postgres completed a statement with this tag. */
  void of(Portal portal, String tag, Transaction transaction, Mark sent) {
    ofCommand(portal, tag, transaction, sent);
    if (CommandEffect.of(tag, portal.statement()) != CommandEffect.PREPARE) {
      ofCode(portal, tag, transaction);
    }
    switch (tag) {
      case "DECLARE CURSOR" -> cursors.declared(portal, encoding.standardStrings());
      case "CLOSE CURSOR", "CLOSE CURSOR ALL" ->
          answers.write(cursors.closed(portal.statement(), answers.telling(transaction)));
      default -> {}
    }
    if (portal.statement().takesOverSnapshot()) {
      transaction.tookOverSnapshot();
    }
  }

  private void ofCommand(Portal portal, String tag, Transaction transaction, Mark sent) {
    SqlStatement statement = portal.statement();
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
      case SAVEPOINT -> transactions.savepointSet(transaction, statement.savepoint());
      case RELEASE -> transaction.savepoints().released(statement.savepoint());
      case ROLLBACK_TO_SAVEPOINT -> {
        transactions.rolledBackTo(transaction, statement.savepoint());
        settings.setByWords(transaction.setByWords());
        if (transaction.hasChangedSettings()) {
          settings.doubt();
        }
      }
      case SETTINGS -> settingsMayHaveChanged(statement, transaction);
      case PREPARE -> {
        forget(statement);
        spoken.prepared(portal, encoding.standardStrings());
      }
      case READ -> {}
      case PERHAPS_WRITE -> transaction.mayHaveWritten();
      case WRITE -> transaction.wrote();
    }
  }

  /** What code may have done that it ran; what is only prepared runs none. */
  private void ofCode(Portal portal, String tag, Transaction transaction) {
    SqlStatement statement = portal.statement();
    if (unsettling.mayRun(cursors.meant(statement))
        || (settings.hasTemporary() && statement.removes())) {
      codeRan(portal, transaction);
    } else if (statement.mentionsIsolation()) {
      settingsMayHaveChanged(statement, transaction);
    }
    if (unsettling.isChangedBy(tag) || unsettling.mayChangeCatalogs(statement)) {
      unsettling.changed();
      transaction.catalogsChanged();
    }
    if (unsettling.mayChangeCatalogs(statement)) {
      spoken.forget();
    }
  }

  /** A statement failed; what it had committed inside stays. */
  void ofFailed(Portal portal, Transaction transaction) {
    if (portal.statement().commitsInside()) {
      codeRan(portal, transaction);
    }
  }

  private void codeRan(Portal portal, Transaction transaction) {
    if (portal.statement().commitsInside()) {
      transaction.commitsInside();
    }
    Set<String> perhaps = new HashSet<>(Unsettling.settingsIn(portal.statement().text()));
    portal.parameters().stream()
        .flatMap(parameter -> parameter.text().stream())
        .filter(text -> text.length() < LONGEST_NAME)
        .forEach(text -> perhaps.addAll(Unsettling.settingsIn(text)));
    if (!WORDS_ALONE.contains(portal.statement().firstWord())) {
      settings.codeMaySet();
      transaction.codeMaySet();
    }
    settings.codeRan(perhaps);
    transaction.settingsChanged();
    transaction.codeRan();
  }

  private void settingsMayHaveChanged(SqlStatement statement, Transaction transaction) {
    settings.set(SettingNames.setBy(statement));
    List<String> names = SettingNames.inWords(statement);
    settings.setByWords(names);
    transaction.setByWords(names);
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
