package dev.anabranch.bench.pool;

import dev.anabranch.trials.drive.Address;
import java.sql.SQLException;

/**
 * One small table on main.
 *
 * @param rows of it
 */
record Tellers(int rows) {

  /** What somebody asks of a branch first. */
  static final String QUESTION = "SELECT count(*) FROM bank_tellers";

  void fill(Address main) throws SQLException {
    main.run(
        "CREATE TABLE IF NOT EXISTS bank_tellers (id int PRIMARY KEY, balance int NOT NULL)",
        "INSERT INTO bank_tellers SELECT i, 0 FROM generate_series(1, "
            + rows
            + ") i ON CONFLICT DO NOTHING",
        "VACUUM ANALYZE bank_tellers");
  }
}
