package dev.anabranch.trials.cycles;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One statement of a program.
 *
 * @param session which of the program's connections says it
 * @param sql the statement; <code>{x}</code> stands for a value that was remembered as {@code x}
 * @param parameters texts of its parameters; when there are any, the statement is prepared on the
 *     server and kept
 * @param remember the name under which the first cell of its result is remembered
 * @param drawn columns of the result, from 0, that hold numbers drawn for rows of a table
 * @param free whether what it tells is about no data of main's, and may be anything
 * @param when what must have been told by the program's line before for this one to be said
 * @param copied the rows of a COPY FROM STDIN
 */
record Line(
    String session,
    String sql,
    List<String> parameters,
    Optional<String> remember,
    Map<Integer, String> drawn,
    boolean free,
    When when,
    Optional<String> copied) {

  /** What the client does depends on what it was told. */
  enum When {
    ALWAYS,
    NOTHING_WRITTEN,
    SOMETHING_WRITTEN,
    REFUSED,
    NOT_REFUSED
  }

  static Line of(String session, String sql) {
    return new Line(
        session, sql, List.of(), Optional.empty(), Map.of(), false, When.ALWAYS, Optional.empty());
  }

  Line with(List<String> values) {
    return new Line(session, sql, values, remember, drawn, free, when, copied);
  }

  Line remembering(String name) {
    return new Line(session, sql, parameters, Optional.of(name), drawn, free, when, copied);
  }

  Line drawing(int column, String table) {
    return new Line(session, sql, parameters, remember, Map.of(column, table), free, when, copied);
  }

  Line aboutNothing() {
    return new Line(session, sql, parameters, remember, drawn, true, when, copied);
  }

  Line only(When condition) {
    return new Line(session, sql, parameters, remember, drawn, free, condition, copied);
  }

  Line copying(String rows) {
    return new Line(session, sql, parameters, remember, drawn, free, when, Optional.of(rows));
  }

  Line saying(String otherwise) {
    return new Line(session, otherwise, parameters, remember, drawn, free, when, copied);
  }

  boolean begins() {
    return sql.startsWith("BEGIN");
  }

  boolean ends() {
    return sql.equals("COMMIT") || sql.equals("ROLLBACK");
  }
}
