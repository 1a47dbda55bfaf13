package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.Texts;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A simple query on its way through its statements. Its answers wait for its end, which shows if
 * the count was right.
 */
final class QueryProgress {

  /** How many results of one text wait for its end. */
  static final int MOST_WAITING = 1024;

  /** What can't be asked again needs no more of its text than people read. */
  private static final int KEPT_OF_DOUBTED = 4096;

  private static final String NOT_AS_READ =
      "it came in a text of so many or such statements that it can't be told which it was";

  private final ExpectedReply.QueryReply query;
  private final boolean standardStrings;
  private final Spoken spoken;
  private final Optional<List<SqlStatement>> statements;
  private final List<Answer> answers = new ArrayList<>();
  private Optional<Portal> current = Optional.empty();
  private int completed;
  private int waiting;
  private boolean failed;
  private boolean spilled;

  private QueryProgress(
      ExpectedReply.QueryReply query,
      Optional<List<SqlStatement>> statements,
      boolean standardStrings,
      Spoken spoken) {
    this.standardStrings = standardStrings;
    this.spoken = spoken;
    this.query = query;
    this.statements = statements;
  }

  static QueryProgress of(ExpectedReply.QueryReply query, boolean standardStrings, Spoken spoken) {
    return new QueryProgress(
        query,
        query.whole() ? SqlText.statements(query.sql(), standardStrings) : Optional.empty(),
        standardStrings,
        spoken);
  }

  Optional<Portal> current() {
    return current;
  }

  /**
   * @param rows where the statement's rows go, if it has any
   */
  Portal begin(
      OwnWrites visible,
      Circumstances circumstances,
      Function<Portal, Optional<CapturedResult>> rows) {
    Portal begun = next(visible, circumstances);
    Portal portal = rows.apply(begun).map(begun::returning).orElse(begun);
    current = Optional.of(portal);
    return portal;
  }

  private Portal next(OwnWrites visible, Circumstances circumstances) {
    SqlStatement statement =
        statements
            .filter(found -> completed < found.size())
            .map(found -> found.get(completed))
            .orElseGet(() -> SqlStatement.unknown(query.sql()));
    Portal portal =
        new Portal(
            statement,
            List.of(),
            List.of(),
            query.sent(),
            isCursorAmongOthers(statement) ? AMONG_OTHERS : visible,
            circumstances,
            true,
            Optional.empty());
    return spoken.meant(portal, standardStrings);
  }

  /**
   * All statements of a query were sent at once: which of them a cursor came before is not told.
   */
  private boolean isCursorAmongOthers(SqlStatement statement) {
    return statements.filter(found -> found.size() > 1).isPresent()
        && statement.words().stream().findFirst().filter("declare"::equals).isPresent();
  }

  private static final OwnWrites AMONG_OTHERS =
      new OwnWrites.Unknown("its cursor was declared among other statements of one query");

  /** The statement that an error is about. */
  Portal failing(OwnWrites visible, Circumstances circumstances) {
    return current.orElseGet(() -> next(visible, circumstances));
  }

  void completed(List<Answer> told) {
    told.forEach(this::add);
    completed++;
    current = Optional.empty();
  }

  /** Its last answer: what it was to say next can't be said. */
  void refused(Answer answer) {
    add(answer);
  }

  private void add(Answer answer) {
    answers.add(answer);
    waiting += answer.result().rows().isPresent() ? 1 : 0;
  }

  /**
   * Answers that wait no longer, because there are too many of them: whether the count was right
   * can't be told any more.
   */
  List<Answer> spilled() {
    if (waiting < MOST_WAITING && answers.size() < SqlText.MOST_STATEMENTS) {
      return List.of();
    }
    waiting = 0;
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
        new Question(
            Texts.legible(
                query.sql().substring(0, Math.min(query.sql().length(), KEPT_OF_DOUBTED))),
            List.of(),
            new TreeMap<>(Map.of(Question.UNKNOWN, NOT_AS_READ))),
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
