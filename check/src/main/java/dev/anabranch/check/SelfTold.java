package dev.anabranch.check;

import dev.anabranch.ledger.Answer;
import dev.anabranch.predicate.world.Self;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What an execution on a scratch copy is itself: told only of what somebody there asks for, in a
 * routine, a default or a statement. Where nobody does, a number that happens to be the
 * transaction's is a row's.
 */
final class SelfTold {

  private static final String CODE =
      """
      SELECT coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)
      FROM pg_catalog.pg_proc p WHERE p.oid >= 16384
      UNION ALL
      SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
      """;

  /** Something that code can ask for, and the words by which it does. */
  private enum Asked {
    TRANSACTION("txid_current|pg_current_xact_id"),
    PROCESS("pg_backend_pid"),
    STATEMENT("current_query");

    private final Pattern words;

    Asked(String words) {
      this.words = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
    }
  }

  private final Connection connection;
  private final Set<Asked> inCode = EnumSet.noneOf(Asked.class);

  SelfTold(Connection connection) {
    this.connection = connection;
  }

  /** Learns what code there asks for; the caller commits, for this takes locks. */
  void prepare() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CODE)) {
      while (row.next()) {
        inCode.addAll(askedIn(row.getString(1)));
      }
    }
  }

  private static Set<Asked> askedIn(@Nullable String code) {
    Set<Asked> asked = EnumSet.noneOf(Asked.class);
    for (Asked one : Asked.values()) {
      if (code != null && one.words.matcher(code).find()) {
        asked.add(one);
      }
    }
    return asked;
  }

  /**
   * Of the transaction under way.
   *
   * @param sent what was sent to the server for each of the statements
   */
  Self of(List<Answer> statements, List<String> sent) throws SQLException {
    Set<Asked> asked = EnumSet.noneOf(Asked.class);
    asked.addAll(inCode);
    statements.forEach(answer -> asked.addAll(askedIn(answer.question().sql())));
    return new Self(
        asked.contains(Asked.TRANSACTION) ? transaction() : OptionalLong.empty(),
        asked.contains(Asked.PROCESS)
            ? OptionalLong.of(connection.unwrap(PGConnection.class).getBackendPID())
            : OptionalLong.empty(),
        asked.contains(Asked.STATEMENT) ? sent : List.of());
  }

  private OptionalLong transaction() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT pg_catalog.pg_current_xact_id_if_assigned()::text")) {
      String number = row.next() ? row.getString(1) : null;
      return number == null
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseUnsignedLong(number));
    }
  }
}
