package dev.anabranch.check;

import dev.anabranch.base.Identifiers;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Question;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/** Puts a session into the circumstances of a question, and the question into {@code PREPARE}. */
final class QueryPreparation {

  /**
   * Kept with the question, and not settings to be set as they are: those that are set otherwise,
   * and those that change nothing about what a statement means, but could end our own session.
   */
  private static final Set<String> NOT_SET =
      Set.of(
          "role",
          "transaction_isolation",
          "is_superuser",
          "session_authorization",
          "client_encoding",
          "lc_messages",
          "client_min_messages",
          "statement_timeout",
          "lock_timeout",
          "transaction_timeout",
          "idle_session_timeout",
          "idle_in_transaction_session_timeout");

  private static final String DATE_STYLE = "datestyle";

  static final String NAME = "anabranch_question";

  /** The type of a parameter whose client left it to Postgres. */
  private static final String UNKNOWN = "unknown";

  private QueryPreparation() {}

  /** The question can't be put to Postgres as one prepared statement. */
  static final class NotAskable extends Exception {
    private static final long serialVersionUID = 1;

    NotAskable(String why) {
      super(why);
    }
  }

  /**
   * Takes on the client's role and settings. A superuser session stays able to go back with {@code
   * RESET SESSION AUTHORIZATION}.
   */
  static void circumstances(Connection connection, String clientRole, Question question)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Settings come before the role: a client may see some, lc_messages for one, that it may not
      // set.
      statement.execute("RESET SESSION AUTHORIZATION");
      set(connection, question);
      String role = question.settings().getOrDefault("role", "none");
      statement.execute(
          "SET SESSION AUTHORIZATION "
              + Identifiers.quote(clientRole)
              + "; "
              + (role.equals("none") ? "SET ROLE NONE" : "SET ROLE " + Identifiers.quote(role)));
    }
  }

  /** All in one statement: one round trip for each would cost more than many a question. */
  private static void set(Connection connection, Question question) throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    question.settings().entrySet().stream()
        .filter(QueryPreparation::isSet)
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
    settings.put("application_name", application(question));
    String sql =
        settings.keySet().stream()
            .map(ignored -> "pg_catalog.set_config(?, ?, false)")
            .collect(Collectors.joining(", ", "SELECT ", ""));
    try (PreparedStatement set = connection.prepareStatement(sql)) {
      int place = 1;
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        set.setString(place++, setting.getKey());
        set.setString(place++, setting.getValue());
      }
      set.execute();
    }
  }

  /** An entry of an earlier version has it only where the client set it by words. */
  private static String application(Question question) {
    return question
        .settings()
        .getOrDefault(
            Question.APPLICATION, question.settings().getOrDefault("application_name", ""));
  }

  private static boolean isSet(Map.Entry<String, String> setting) {
    return !NOT_SET.contains(setting.getKey())
        && !setting.getKey().startsWith("anabranch.")
        && !(setting.getKey().equals(DATE_STYLE) && isForeign(setting.getValue()));
  }

  private static boolean isForeign(String dateStyle) {
    return !dateStyle.isEmpty() && !dateStyle.toUpperCase(Locale.ROOT).startsWith("ISO");
  }

  /** How many statements {@link #under} puts before the one that it is given; as many follow it. */
  static int before(Question question) {
    return isForeign(question.settings().getOrDefault(DATE_STYLE, "")) ? 1 : 0;
  }

  /**
   * A statement under a DateStyle that the driver would close the connection for. Postgres tells a
   * driver what has changed only when all that was sent together is done, and it is undone then.
   */
  static String under(Question question, String sql) {
    String dateStyle = question.settings().getOrDefault(DATE_STYLE, "");
    return before(question) == 0
        ? sql
        : "SET datestyle TO "
            + Identifiers.literal(dateStyle)
            + ";\n"
            + sql
            + "\n;\nSET datestyle TO ISO";
  }

  /** {@code PREPARE name (types) AS statement}. */
  static String prepare(Connection connection, Question question) throws SQLException, NotAskable {
    requireOneStatement(question.sql());
    List<String> types = types(connection, question);
    String list = types.isEmpty() ? "" : " (" + String.join(", ", types) + ")";
    return "PREPARE " + NAME + list + " AS " + question.sql();
  }

  private static List<String> types(Connection connection, Question question)
      throws SQLException, NotAskable {
    List<String> types = new ArrayList<>();
    for (Parameter parameter : question.parameters()) {
      if (!parameter.readable()) {
        throw new NotAskable("a parameter came in a binary form that can't be read");
      }
      types.add(typeName(connection, parameter.typeOid()));
    }
    return types;
  }

  static String execute(Question question) {
    if (question.parameters().isEmpty()) {
      return "EXECUTE " + NAME;
    }
    return question.parameters().stream()
        .map(QueryPreparation::literal)
        .collect(Collectors.joining(", ", "EXECUTE " + NAME + " (", ")"));
  }

  /** A question's parameters with their types, as SQL reads them. */
  static List<String> literals(Connection connection, Question question)
      throws SQLException, NotAskable {
    List<String> types = types(connection, question);
    List<String> literals = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String literal = literal(question.parameters().get(i));
      literals.add(types.get(i).equals(UNKNOWN) ? literal : literal + "::" + types.get(i));
    }
    return literals;
  }

  private static String literal(Parameter parameter) {
    return parameter.text().map(Identifiers::literal).orElse("NULL");
  }

  private static void requireOneStatement(String sql) throws SQLException, NotAskable {
    List<NativeQuery> queries = Parser.parseJdbcSql(sql, true, false, true, false, false);
    if (queries.size() != 1) {
      throw new NotAskable("it is not one statement");
    }
  }

  private static String typeName(Connection connection, long oid) throws SQLException, NotAskable {
    if (oid == 0) {
      return UNKNOWN;
    }
    try (PreparedStatement query = connection.prepareStatement("SELECT ?::oid::regtype::text")) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        String name = row.next() ? row.getString(1) : null;
        if (name == null || name.chars().allMatch(Character::isDigit)) {
          throw new NotAskable("a parameter's type is not known");
        }
        return name;
      }
    }
  }
}
