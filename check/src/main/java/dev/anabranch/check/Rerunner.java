package dev.anabranch.check;

import dev.anabranch.base.Traps;
import dev.anabranch.check.QueryPreparation.NotAskable;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.RowDigest;
import dev.anabranch.predicate.footprint.ClockUse;
import dev.anabranch.predicate.world.World.Contradiction;
import dev.anabranch.predicate.world.World.Reply;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgResultSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one question inside the current transaction, and undoes whatever it did. */
final class Rerunner {

  private static final Logger LOG = LoggerFactory.getLogger(Rerunner.class);

  /** As many rows as the gateway keeps of an answer. */
  static final int ROWS_KEPT = 100;

  private final Connection connection;
  private final String clientRole;
  private final TablesRead tables;
  private final Traps traps;

  Rerunner(Connection connection, String clientRole, Traps traps) {
    this.connection = connection;
    this.clientRole = clientRole;
    this.traps = traps;
    this.tables = new TablesRead(connection);
  }

  /**
   * @param traced whether to tell which tables it reads
   * @param clock how its answer moves with the clock, where it is to be told when it can be another
   */
  Reply ask(
      Question question,
      Set<Contradiction> contradicted,
      boolean traced,
      Optional<ClockUse> clock) {
    try {
      Savepoint savepoint = connection.setSavepoint();
      try {
        Reply reply =
            traced ? askTraced(question, contradicted) : askInside(question, contradicted);
        return clock.isPresent() && reply instanceof Reply.Got got
            ? new Reply.Got(
                got.result(), got.contradicted(), got.read(), nextFlip(question, clock.get()))
            : reply;
      } catch (NotAskable e) {
        return new Reply.Failed(String.valueOf(e.getMessage()));
      } catch (SQLException e) {
        return new Reply.Failed(Analyst.firstLine(e));
      } finally {
        // Settings and the role go back with it; a prepared statement does not.
        connection.rollback(savepoint);
        deallocate();
      }
    } catch (SQLException e) {
      return new Reply.Failed(Analyst.firstLine(e));
    }
  }

  /** Where Postgres can't tell, it may be another at any moment. */
  private Optional<Instant> nextFlip(Question question, ClockUse use) throws SQLException {
    Instant began = FlipSearch.began(connection);
    try {
      return new FlipSearch(connection, question.parameters(), began, traps).next(use);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("when an answer can be another by the clock is not known: {}", e.getMessage());
      return Optional.of(began);
    }
  }

  private void deallocate() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DEALLOCATE ALL");
    }
  }

  private Reply askTraced(Question question, Set<Contradiction> contradicted)
      throws SQLException, NotAskable {
    tables.begin();
    return switch (askInside(question, contradicted)) {
      case Reply.Got(Result result, var where, var ignored, var unknown) ->
          new Reply.Got(result, where, Optional.of(tables.end()), unknown);
      case Reply.Performed performed -> performed;
      case Reply.Failed failed -> failed;
    };
  }

  private Reply askInside(Question question, Set<Contradiction> contradicted)
      throws SQLException, NotAskable {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = origin");
      QueryPreparation.circumstances(connection, clientRole, question);
      statement.setEscapeProcessing(false);
      statement.execute(
          QueryPreparation.under(question, QueryPreparation.prepare(connection, question)));
      boolean rows =
          statement.execute(QueryPreparation.under(question, QueryPreparation.execute(question)));
      for (int i = 0; i < QueryPreparation.before(question); i++) {
        rows = statement.getMoreResults();
      }
      if (!rows) {
        return new Reply.Failed("it returned no rows this time");
      }
      try (ResultSet found = statement.getResultSet()) {
        return new Reply.Got(result(found), contradicted);
      }
    }
  }

  /** Reads all rows, and keeps as many as the gateway does. */
  Result result(ResultSet rows) throws SQLException {
    List<ResultColumn> columns = columns(rows);
    RowDigest.Builder digest = RowDigest.builder();
    List<List<@Nullable String>> kept = new ArrayList<>();
    while (rows.next()) {
      List<@Nullable String> row = new ArrayList<>(columns.size());
      for (int i = 1; i <= columns.size(); i++) {
        row.add(rows.getString(i));
      }
      digest.add(columns, row);
      if (kept.size() <= ROWS_KEPT) {
        kept.add(row);
      }
    }
    RowDigest done = digest.build();
    Optional<List<List<@Nullable String>>> shown =
        kept.size() <= ROWS_KEPT ? Optional.of(List.copyOf(kept)) : Optional.empty();
    return new Result(columns, done.rowCount(), true, true, done.ordered(), done.bag(), shown);
  }

  /** By what came with the rows: asking for names of types would read catalogs in their midst. */
  private static List<ResultColumn> columns(ResultSet rows) throws SQLException {
    PgResultSet postgres = rows.unwrap(PgResultSet.class);
    ResultSetMetaData meta = rows.getMetaData();
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      long type = Integer.toUnsignedLong(postgres.getColumnOID(i));
      columns.add(new ResultColumn(meta.getColumnLabel(i), type, 0, 0));
    }
    return columns;
  }
}
