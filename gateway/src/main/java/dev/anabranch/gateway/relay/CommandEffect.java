package dev.anabranch.gateway.relay;

import java.util.Set;

/**
 * What a completed command did to its session and its transaction, told from its tag and its words.
 */
enum CommandEffect {
  BEGIN,
  COMMIT,
  ROLLBACK,
  SAVEPOINT,
  RELEASE,
  ROLLBACK_TO_SAVEPOINT,
  /** SET and its like. */
  SETTINGS,
  /** Its transaction is left to somebody else to end. */
  PREPARE_TRANSACTION,
  /** PREPARE: a statement's name has a new meaning. */
  PREPARE,
  READ,
  /** It reads, and a function in it may have written. */
  PERHAPS_WRITE,
  WRITE;

  private static final Set<String> READING =
      Set.of(
          "SHOW",
          "CLOSE",
          "DECLARE",
          "DEALLOCATE",
          "LISTEN",
          "UNLISTEN",
          "NOTIFY",
          "CHECKPOINT",
          "LOCK",
          "LOAD");

  static CommandEffect of(String tag, SqlStatement statement) {
    int space = tag.indexOf(' ');
    String command = space < 0 ? tag : tag.substring(0, space);
    return switch (command) {
      case "BEGIN", "START" -> BEGIN;
      case "COMMIT" -> COMMIT;
      // A text that could not be read is taken for the one that ends nothing: ReadyForQuery tells
      // if it did.
      case "ROLLBACK" ->
          statement.isRollbackToSavepoint() || statement.isUnknown()
              ? ROLLBACK_TO_SAVEPOINT
              : ROLLBACK;
      case "SAVEPOINT" -> SAVEPOINT;
      case "RELEASE" -> RELEASE;
      case "SET", "RESET", "DISCARD" -> SETTINGS;
      case "PREPARE" -> tag.equals("PREPARE TRANSACTION") ? PREPARE_TRANSACTION : PREPARE;
      case "SELECT" -> statement.plainlyReads() ? READ : PERHAPS_WRITE;
      case "EXPLAIN" -> statement.mentioned().contains("analyze") ? PERHAPS_WRITE : READ;
      case "FETCH", "MOVE" -> PERHAPS_WRITE;
      default -> READING.contains(command) ? READ : WRITE;
    };
  }
}
