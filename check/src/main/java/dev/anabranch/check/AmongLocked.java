package dev.anabranch.check;

import dev.anabranch.check.QueryPreparation.NotAskable;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.predicate.world.World.Ask;
import dev.anabranch.predicate.world.World.Contradiction;
import dev.anabranch.predicate.world.World.Reply;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a question that passes over the rows that others have locked. Which those were when it was
 * answered nobody knows, so others ask it too and keep what they get, one after the other, until
 * the rows that were given come, or none any more. Rows that come so are an answer that Postgres
 * can give now.
 */
final class AmongLocked {

  private static final Logger LOG = LoggerFactory.getLogger(AmongLocked.class);

  /** Each is a session on a copy of main, which has not many. */
  private static final int MOST_OTHERS = 8;

  private final Sessions others;
  private final String clientRole;
  private final Rerunner reasker;

  /**
   * @param others more sessions on the copy, of a superuser
   */
  AmongLocked(Sessions others, String clientRole, Rerunner reasker) {
    this.others = others;
    this.clientRole = clientRole;
    this.reasker = reasker;
  }

  /** What comes with nothing locked, unless the rows that were given come with others locked. */
  Reply ask(Ask ask, Set<Contradiction> contradicted) {
    Question question = ask.answer().question();
    Result was = ask.answer().result();
    Reply first = reasker.ask(question, contradicted, ask.traced(), ask.clock());
    Reply reply = first;
    Deque<Connection> open = new ArrayDeque<>();
    try {
      while (was.rowCount() > 0 && isAnother(reply, was) && open.size() < MOST_OTHERS) {
        Connection other = others.open();
        open.push(other);
        take(other, question);
        reply = reasker.ask(question, contradicted, ask.traced(), ask.clock());
      }
      return reply instanceof Reply.Got got && isSame(got.result(), was) ? reply : first;
    } catch (SQLException | NotAskable e) {
      LOG.debug("nobody else can lock what a question passes over: {}", e.getMessage());
      return first;
    } finally {
      open.forEach(AmongLocked::close);
    }
  }

  private static boolean isAnother(Reply reply, Result was) {
    return reply instanceof Reply.Got got
        && got.result().rowCount() > 0
        && !isSame(got.result(), was);
  }

  private static boolean isSame(Result one, Result other) {
    return one.rowCount() == other.rowCount() && one.bagDigest() == other.bagDigest();
  }

  /** Asks it in a transaction that stays open. */
  private void take(Connection other, Question question) throws SQLException, NotAskable {
    other.setAutoCommit(false);
    try (Statement statement = other.createStatement()) {
      statement.execute("SET statement_timeout = '60s'");
      statement.execute("SET lock_timeout = '1s'");
      QueryPreparation.circumstances(other, clientRole, question);
      statement.setEscapeProcessing(false);
      statement.execute(
          QueryPreparation.under(question, QueryPreparation.prepare(other, question)));
      statement.execute(QueryPreparation.under(question, QueryPreparation.execute(question)));
    }
  }

  private static void close(Connection other) {
    try (other) {
      other.rollback();
    } catch (SQLException e) {
      LOG.debug("A session on a copy of main could not be closed", e);
    }
  }
}
