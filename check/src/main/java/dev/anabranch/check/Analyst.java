package dev.anabranch.check;

import dev.anabranch.base.Traps;
import dev.anabranch.check.QueryPreparation.NotAskable;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.FootprintReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Has the branch's own Postgres analyse statements, as the client's role and under the client's
 * settings, and reads the rewritten query trees that it prints. Nothing is executed.
 *
 * <pre>
 * PREPARE anabranch_question (types) AS statement  →  LOG: rewritten parse tree, DETAIL: the tree
 * </pre>
 */
final class Analyst implements AutoCloseable {

  /** A statement whose tree is longer is not worth understanding. */
  private static final int MAX_TREE = 4_000_000;

  /** What is analysed once. */
  record Shape(String sql, List<Long> types, Map<String, String> settings) {}

  private final Sessions branch;
  private final String clientRole;
  private final SchemaSnapshot schema;
  private final Kept.OfBranch kept;
  private final Traps traps;
  private final Map<Shape, Footprint> notNow = new HashMap<>();
  private Optional<Session> session = Optional.empty();

  /** A connection to the branch, and who reads the trees that it prints. */
  private static final class Session {
    private final Connection connection;
    private final FootprintReader reader;
    private Optional<Map<String, String>> settings = Optional.empty();

    Session(Connection connection, FootprintReader reader) {
      this.connection = connection;
      this.reader = reader;
    }

    /** Nothing that is only analysed changes a session, so the next like it finds it as it was. */
    void takeOn(String clientRole, Question question) throws SQLException {
      if (settings.equals(Optional.of(question.meaningfulSettings()))) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("DEALLOCATE ALL");
        }
        return;
      }
      settings = Optional.empty();
      reset(connection);
      QueryPreparation.circumstances(connection, clientRole, question);
      settings = Optional.of(question.meaningfulSettings());
    }
  }

  /**
   * @param branch the branch
   * @param clientRole who the client is inside it
   * @param schema the branch's definitions now, as {@code kept} has read them
   * @param kept what earlier checks have analysed
   */
  Analyst(
      Sessions branch, String clientRole, SchemaSnapshot schema, Kept.OfBranch kept, Traps traps) {
    this.branch = branch;
    this.clientRole = clientRole;
    this.schema = schema;
    this.kept = kept;
    this.traps = traps;
  }

  /** The rules that are off. */
  Traps traps() {
    return traps;
  }

  /** What an answer's question depends on. */
  Footprint footprintOf(Answer answer) {
    Kept.Analysed known = kept.analysed().get(answer.id());
    if (known != null && known.isOf(answer.question())) {
      return known.footprint();
    }
    Footprint footprint = footprint(answer.question());
    if (understoodAll()) {
      kept.analysed().put(answer.id(), new Kept.Analysed(answer.question(), footprint));
    }
    return footprint;
  }

  /**
   * What a question depends on; {@link Footprint.Unanswerable} when Postgres or this reader can't
   * say.
   */
  Footprint footprint(Question question) {
    List<Long> types = question.parameters().stream().map(Parameter::typeOid).toList();
    Shape shape = new Shape(question.sql(), types, question.meaningfulSettings());
    Footprint known = kept.footprints().get(shape);
    return known != null
        ? known
        : notNow.computeIfAbsent(shape, ignored -> analyse(question, shape));
  }

  /** Whether no question has met a failure that another time may not have. */
  boolean understoodAll() {
    return notNow.isEmpty();
  }

  private Footprint analyse(Question question, Shape shape) {
    try {
      Footprint footprint = analyse(question);
      kept.footprints().put(shape, footprint);
      return footprint;
    } catch (SQLException e) {
      return new Footprint.Unanswerable("Postgres can't analyse it now: " + firstLine(e));
    }
  }

  private Footprint analyse(Question question) throws SQLException {
    try {
      return askable(question);
    } catch (NotAskable e) {
      return new Footprint.Unanswerable(String.valueOf(e.getMessage()));
    }
  }

  private Footprint askable(Question question) throws SQLException, NotAskable {
    Session open = open();
    Connection connection = open.connection;
    open.takeOn(clientRole, question);
    String prepare = QueryPreparation.prepare(connection, question);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET debug_print_parse = off; SET debug_print_plan = off; SET debug_pretty_print = off;"
              + " SET debug_print_rewritten = on; SET client_min_messages = log");
      statement.setEscapeProcessing(false);
      statement.execute(QueryPreparation.under(question, prepare));
      return tree(statement, QueryPreparation.before(question))
          .map(tree -> open.reader.read(tree, question.sql(), question.settings()))
          .orElseGet(() -> new Footprint.Unanswerable("Postgres showed no query tree for it"));
    }
  }

  /**
   * The schemas where the names of a question are looked up, as a value of search_path: those of
   * its own that there are and that its role may use.
   */
  String searchPath(Question question) throws SQLException {
    Session open = open();
    open.takeOn(clientRole, question);
    try (Statement statement = open.connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT coalesce(pg_catalog.string_agg(pg_catalog.quote_ident(s), ', ' ORDER BY n),"
                    + " '') FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) WITH"
                    + " ORDINALITY AS path (s, n)")) {
      row.next();
      return row.getString(1);
    }
  }

  /** What made a session end is one question's own; the next one finds another. */
  private Session open() throws SQLException {
    if (session.isPresent() && !session.get().connection.isClosed()) {
      return session.get();
    }
    Connection connection = branch.open();
    try {
      if (kept.catalog().isEmpty()) {
        kept.keep(CatalogReader.read(connection));
      }
      Session opened =
          new Session(
              connection,
              new FootprintReader(kept.catalog().orElseThrow(), schema, kept.combining(), traps));
      session = Optional.of(opened);
      return opened;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void reset(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET client_min_messages = warning; RESET SESSION AUTHORIZATION; RESET ROLE");
      statement.execute("DISCARD ALL");
      // A superuser's own setting: the trees are for us, not for the branch's log.
      statement.execute(
          "SET log_min_messages = fatal; SET statement_timeout = '10s'; SET lock_timeout = '5s'");
    }
  }

  /**
   * The tree of what was prepared: printed after that of PREPARE itself.
   *
   * @param around how many statements there are before it, and after it
   */
  private static Optional<String> tree(Statement statement, int around) throws SQLException {
    List<String> trees = new ArrayList<>();
    for (SQLWarning warning = statement.getWarnings();
        warning != null;
        warning = warning.getNextWarning()) {
      ServerErrorMessage message =
          warning instanceof PSQLWarning ours ? ours.getServerErrorMessage() : null;
      String detail = message == null ? null : message.getDetail();
      if (detail != null && detail.startsWith("(")) {
        trees.add(detail);
      }
    }
    return trees.size() == 2 + 2 * around
        ? Optional.of(trees.get(around + 1)).filter(tree -> tree.length() <= MAX_TREE)
        : Optional.empty();
  }

  static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^ERROR: ", "");
  }

  @Override
  public void close() throws SQLException {
    if (session.isPresent()) {
      session.get().connection.close();
    }
  }
}
