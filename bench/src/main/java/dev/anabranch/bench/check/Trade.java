package dev.anabranch.bench.check;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A shop with a past: what is asked of it, what is written to a branch in between, and what main
 * does meanwhile. Main's changes are to recent orders, as they are in life; the questions are about
 * any day.
 *
 * @param orders how many there are
 * @param answers how many questions are asked
 * @param changes how many rows main changes
 * @param seed decides what is asked about
 */
record Trade(int orders, int answers, int changes, long seed) {

  private static final int CUSTOMERS = 10_000;
  private static final int REGIONS = 50;
  private static final int DAYS = 1_000;
  private static final int QUESTIONS_PER_WRITE = 5;
  private static final int ROWS_PER_COMMIT = 100;

  /** Rows that the branch adds are numbered from here, so that main's own never meet them. */
  private static final int BRANCH_IDS_FROM = 100_000_000;

  private static final int KINDS = 10;
  private static final int WEEK = 6;
  private static final int MONTH = 29;

  void fill(Address main) throws SQLException {
    main.run(
        "CREATE TABLE customers (id int PRIMARY KEY, region int NOT NULL, name text NOT NULL)",
        "CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, status text NOT NULL,"
            + " total numeric(12,2) NOT NULL, day int NOT NULL, note text)",
        "INSERT INTO customers SELECT i, i % "
            + REGIONS
            + ", 'Customer ' || i FROM generate_series(1, "
            + CUSTOMERS
            + ") i",
        "INSERT INTO orders SELECT i, 1 + i::bigint * 7919 % "
            + CUSTOMERS
            + ", (ARRAY['open','paid','paid','done','done','done','done','disputed'])[1 + i % 8],"
            + " (1000 + i::bigint * 101 % 90000) / 100.0, i::bigint * "
            + DAYS
            + " / "
            + (orders + 1)
            + ", NULL FROM generate_series(1, "
            + orders
            + ") i",
        "CREATE INDEX ON orders (customer)",
        "CREATE INDEX ON orders (day)",
        "VACUUM ANALYZE");
  }

  /** Questions of ten kinds in turn, and a write after every few. */
  List<Step> script() {
    Random random = new Random(seed);
    List<Step> script = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      script.add(question(i, random));
      if (i % QUESTIONS_PER_WRITE == QUESTIONS_PER_WRITE - 1) {
        script.add(write(i, random));
      }
    }
    return script;
  }

  private Step question(int number, Random random) {
    int order = 1 + random.nextInt(orders);
    int customer = 1 + random.nextInt(CUSTOMERS);
    int day = random.nextInt(DAYS);
    int region = random.nextInt(REGIONS);
    return switch (number % KINDS) {
      case 0, 1 -> ask(number, "SELECT status, total, note FROM orders WHERE id = ?", order);
      case 2 -> ask(number, "SELECT count(*), sum(total) FROM orders WHERE customer = ?", customer);
      case 3 ->
          ask(
              number,
              "SELECT count(*) FROM orders WHERE day BETWEEN ? AND ? AND status = 'open'",
              day,
              day + WEEK);
      case 4 ->
          ask(
              number,
              "SELECT status, count(*), sum(total) FROM orders WHERE day BETWEEN ? AND ? GROUP BY"
                  + " status ORDER BY status",
              day,
              day + MONTH);
      case 5 ->
          ask(
              number,
              "SELECT id, total FROM orders WHERE customer = ? ORDER BY total DESC, id LIMIT 5",
              customer);
      case 6 ->
          ask(
              number,
              "SELECT c.name, count(*) FROM customers c JOIN orders o ON o.customer = c.id WHERE"
                  + " c.region = ? AND o.day = ? GROUP BY c.name ORDER BY 2 DESC, 1 LIMIT 10",
              region,
              day);
      case 7 ->
          ask(
              number,
              "SELECT count(*) FROM orders WHERE status = 'disputed' AND total > ?",
              region * 10);
      case 8 -> ask(number, "SELECT max(total) FROM orders WHERE day = ?", day);
      default -> ask(number, "SELECT count(*) FROM customers WHERE region = ?", region);
    };
  }

  private static Step ask(int number, String sql, int... parameters) {
    List<String> texts = new ArrayList<>();
    for (int parameter : parameters) {
      texts.add(Integer.toString(parameter));
    }
    return new Step.Ask("analyst", "q" + number, sql, texts);
  }

  private Step write(int number, Random random) {
    return new Step.Act(
        "analyst",
        random.nextBoolean()
            ? "UPDATE orders SET note = 'looked at' WHERE id = " + (1 + random.nextInt(orders / 2))
            : "INSERT INTO orders VALUES ("
                + (BRANCH_IDS_FROM + number)
                + ", "
                + (1 + random.nextInt(CUSTOMERS))
                + ", 'open', 10.00, "
                + random.nextInt(DAYS)
                + ", 'by hand')");
  }

  /** Main's rows move: four tenths new orders, half new statuses, one tenth gone. */
  void move(Address main) throws SQLException {
    int inserts = changes * 4 / 10;
    int deletes = changes / 10;
    int updates = changes - inserts - deletes;
    main.run(
        inCommits(
            inserts,
            "INSERT INTO orders SELECT g, 1 + g::bigint * 13 % "
                + CUSTOMERS
                + ", 'open', g % 1000, "
                + (DAYS - 1)
                + ", NULL FROM generate_series("
                + (orders + 1)
                + " + lower, "
                + orders
                + " + upper) g"),
        inCommits(
            updates,
            "UPDATE orders SET status = 'shipped' WHERE id > "
                + (orders - updates)
                + " + lower AND id <= "
                + (orders - updates)
                + " + upper"),
        inCommits(
            deletes,
            "DELETE FROM orders WHERE id > "
                + (orders - updates - deletes)
                + " + lower AND id <= "
                + (orders - updates - deletes)
                + " + upper"));
  }

  /** One more row of main moves: what was known of main just now is not all of it. */
  void moveOn(Address main) throws SQLException {
    main.run("UPDATE orders SET status = 'shipped' WHERE id = 1");
  }

  private static String inCommits(int rows, String statement) {
    return "DO $$ DECLARE lower int; upper int; BEGIN FOR i IN 0.."
        + ((rows + ROWS_PER_COMMIT - 1) / ROWS_PER_COMMIT - 1)
        + " LOOP lower := i * "
        + ROWS_PER_COMMIT
        + "; upper := least(lower + "
        + ROWS_PER_COMMIT
        + ", "
        + rows
        + "); "
        + statement
        + "; COMMIT; END LOOP; END $$";
  }
}
