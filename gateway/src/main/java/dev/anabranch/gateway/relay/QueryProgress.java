package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A simple query on its way through its statements. Its answers wait for its end, which shows if
 * the count was right.
 */
final class QueryProgress {

  /** How many answers of one text wait for its end. */
  static final int MOST_WAITING = 1024;

  private final Awaited.QueryReply query;
  private final Optional<List<SqlStatement>> statements;
  private final List<Answer> answers = new ArrayList<>();
  private Optional<Portal> current = Optional.empty();
  private int completed;
  private boolean failed;
  private boolean spilled;

  private QueryProgress(Awaited.QueryReply query, Optional<List<SqlStatement>> statements) {
    this.query = query;
    this.statements = statements;
  }

  static QueryProgress of(Awaited.QueryReply query, boolean standardStrings) {
    return new QueryProgress(
        query, query.whole() ? SqlText.statements(query.sql(), standardStrings) : Optional.empty());
  }

  Optional<Portal> current() {
    return current;
  }

  Portal begin(OwnWrites visible, Optional<Collected> rows) {
    SqlStatement statement =
        statements
            .filter(found -> completed < found.size())
            .map(found -> found.get(completed))
            .orElseGet(() -> SqlStatement.unknown(query.sql()));
    Portal portal = new Portal(statement, List.of(), List.of(), query.sent(), visible, true, rows);
    current = Optional.of(portal);
    return portal;
  }

  void completed(Optional<Answer> answer) {
    answer.ifPresent(answers::add);
    completed++;
    current = Optional.empty();
  }

  /**
   * Answers that wait no longer, because there are too many of them: whether the count was right
   * can't be told any more.
   */
  List<Answer> spilled() {
    if (answers.size() < MOST_WAITING) {
      return List.of();
    }
    spilled = true;
    List<Answer> doubted = answers();
    answers.clear();
    return doubted;
  }

  void fail() {
    failed = true;
  }

  /**
   * Its answers; when it had another number of statements than was read from its text, none can be
   * asked again.
   */
  List<Answer> answers() {
    boolean asRead =
        !spilled && (failed || statements.map(found -> found.size() == completed).orElse(false));
    return asRead ? answers : answers.stream().map(this::doubted).toList();
  }

  private Answer doubted(Answer answer) {
    if (answer.withheld().isPresent()) {
      return answer;
    }
    Result result = answer.result();
    return new Answer(
        answer.id(),
        answer.branch(),
        answer.session(),
        answer.task(),
        answer.transaction(),
        answer.transactionBegan(),
        answer.span(),
        answer.ownWrites(),
        new Question(query.sql(), List.of(), answer.question().settings()),
        new Result(
            result.columns(),
            result.rowCount(),
            result.complete(),
            false,
            result.orderedDigest(),
            result.bagDigest(),
            result.rows()),
        answer.commandTag(),
        answer.askedAt());
  }
}
