package dev.anabranch.bench.promote;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A warehouse whose prices are worked over on branches while main sells from it. Each piece of work
 * has shelves of its own, and the sellers have the rest.
 *
 * @param rows that one piece of work writes: half of them updates, half inserts
 * @param units transactions that it comes in
 * @param pieces how many pieces of work there will be
 */
record Stock(int rows, int units, int pieces) {

  private static final int SOLD_FROM = 50_000;

  void fill(Address main) throws SQLException {
    main.run(
        "CREATE TABLE stock (id int PRIMARY KEY, price int NOT NULL CHECK (price > 0), on_hand int"
            + " NOT NULL, note text NOT NULL DEFAULT '')",
        "CREATE INDEX ON stock (price)",
        "CREATE TABLE price_changes (id bigint PRIMARY KEY, stock_id int NOT NULL REFERENCES stock,"
            + " was int NOT NULL CHECK (was > 0), reason text NOT NULL)",
        "CREATE INDEX ON price_changes (stock_id)",
        "CREATE TABLE sales (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stock_id int NOT"
            + " NULL, at timestamptz NOT NULL DEFAULT now())",
        "INSERT INTO stock (id, price, on_hand) SELECT i, 100 + i % 900, 1000 FROM"
            + " generate_series(1, "
            + (SOLD_FROM + pieces * updates())
            + ") i",
        "VACUUM ANALYZE");
  }

  private int updates() {
    return rows / 2;
  }

  /** One sale, as one commit, on shelves that nobody works over. */
  void sell(Connection connection, long number) throws SQLException {
    int id = 1 + (int) (number * 7919 % SOLD_FROM);
    try (PreparedStatement sale =
        connection.prepareStatement(
            "WITH sold AS (UPDATE stock SET on_hand = on_hand - 1 WHERE id = ? RETURNING id) INSERT"
                + " INTO sales (stock_id) SELECT id FROM sold")) {
      sale.setInt(1, id);
      sale.executeUpdate();
    }
  }

  /** Does one piece of work: in each transaction a look, some new prices, and a note of each. */
  String work(Address where, int piece) throws SQLException {
    try (Connection connection = where.connect()) {
      connection.setAutoCommit(false);
      int first = SOLD_FROM + 1 + piece * updates();
      for (int unit = 0; unit < units; unit++) {
        int from = first + (int) ((long) updates() * unit / units);
        int to = first + (int) ((long) updates() * (unit + 1) / units) - 1;
        Sql.texts(connection, "SELECT price FROM stock WHERE id = " + from);
        Sql.run(
            connection,
            "UPDATE stock SET price = price + 1, note = 'piece "
                + piece
                + "' WHERE id BETWEEN "
                + from
                + " AND "
                + to);
        Sql.run(
            connection,
            "INSERT INTO price_changes SELECT id, id, price - 1, 'costs' FROM stock WHERE id"
                + " BETWEEN "
                + from
                + " AND "
                + to);
        connection.commit();
      }
    }
    return "done";
  }

  /** How many rows of a piece of work there are. */
  long landed(Address main, int piece) throws SQLException {
    int first = SOLD_FROM + 1 + piece * updates();
    int last = first + updates() - 1;
    return Long.parseLong(
        main.texts(
                "SELECT (SELECT count(*) FROM stock WHERE note = 'piece "
                    + piece
                    + "') + (SELECT count(*) FROM price_changes WHERE id BETWEEN "
                    + first
                    + " AND "
                    + last
                    + ")")
            .getFirst());
  }
}
