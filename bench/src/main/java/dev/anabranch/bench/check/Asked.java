package dev.anabranch.bench.check;

import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A script gone through once.
 *
 * @param rows the rows by each question's label
 * @param statementSeconds how long the client waited for statements, all together
 */
record Asked(Map<String, Rows> rows, double statementSeconds) {

  /** Asks and acts in order. */
  static Asked through(Connection connection, List<Step> script) throws SQLException {
    Map<String, Rows> rows = new LinkedHashMap<>();
    long nanos = 0;
    for (Step step : script) {
      long began = System.nanoTime();
      switch (step) {
        case Step.Act act -> Sql.run(connection, act.sql());
        case Step.Ask ask ->
            rows.put(ask.label(), Sql.ask(connection, ask.labelled(), ask.parameters()));
      }
      nanos += System.nanoTime() - began;
    }
    return new Asked(rows, nanos / 1e9);
  }
}
