package dev.anabranch.bench.create;

import dev.anabranch.trials.drive.Address;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * A bank of the kind that TPC-B and pgbench know.
 *
 * @param rows how many accounts; a hundred thousand are some 13 MB
 */
record Accounts(int rows) {

  private static final int TELLERS = 1_000;

  /** A look at a small table: the first thing that somebody asks of a branch. */
  static final String FIRST_QUESTION = "SELECT count(*) FROM bank_tellers";

  private static final List<String> STATEMENTS =
      List.of(
          "UPDATE bank_accounts SET balance = balance + ? WHERE id = ?",
          "UPDATE bank_tellers SET balance = balance + ? WHERE id = ?");

  /** Makes the bank, unless there is one. */
  void fill(Address main) throws SQLException {
    if (main.texts("SELECT 1 FROM pg_class WHERE relname = 'bank_history'").isEmpty()) {
      open(main);
    }
  }

  private void open(Address main) throws SQLException {
    main.run(
        "CREATE TABLE bank_accounts (id int PRIMARY KEY, balance int NOT NULL, filler char(84))",
        "CREATE TABLE bank_tellers (id int PRIMARY KEY, balance int NOT NULL)",
        "CREATE TABLE bank_history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account"
            + " int NOT NULL, delta int NOT NULL, at timestamptz NOT NULL DEFAULT now())",
        "INSERT INTO bank_accounts SELECT i, 0, '' FROM generate_series(1, " + rows + ") i",
        "INSERT INTO bank_tellers SELECT i, 0 FROM generate_series(1, " + TELLERS + ") i",
        "VACUUM ANALYZE");
  }

  /** One transfer, as one commit. */
  void transfer(Connection connection, long number) throws SQLException {
    connection.setAutoCommit(false);
    int delta = (int) (number % 1000) - 500;
    int account = 1 + (int) (number * 7919 % rows);
    int[] ids = {account, 1 + (int) (number % TELLERS)};
    for (int i = 0; i < STATEMENTS.size(); i++) {
      try (PreparedStatement update = connection.prepareStatement(STATEMENTS.get(i))) {
        update.setInt(1, delta);
        update.setInt(2, ids[i]);
        update.executeUpdate();
      }
    }
    try (PreparedStatement read =
        connection.prepareStatement("SELECT balance FROM bank_accounts WHERE id = ?")) {
      read.setInt(1, account);
      try (ResultSet row = read.executeQuery()) {
        row.next();
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO bank_history (account, delta) VALUES (?, ?)")) {
      insert.setInt(1, account);
      insert.setInt(2, delta);
      insert.executeUpdate();
    }
    connection.commit();
  }
}
