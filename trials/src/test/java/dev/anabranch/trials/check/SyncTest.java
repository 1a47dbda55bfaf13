package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A branch that moves onto main as it is now takes its work and its answers along. */
@Tag("postgres")
final class SyncTest {

  private static final String BRANCH = "to-sync";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void tables() throws SQLException {
    main(
        "CREATE TABLE shelf (id int PRIMARY KEY, n int, place text)",
        "INSERT INTO shelf SELECT i, i * 10, 'Oslo' FROM generate_series(1, 6) i",
        "CREATE TABLE orders (id serial PRIMARY KEY, who text)",
        "CREATE TABLE lines (id serial PRIMARY KEY, order_id int REFERENCES orders, what text)",
        "INSERT INTO orders (who) VALUES ('first')");
    product.create(BRANCH, Product.Wish.now());
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    main("DROP TABLE shelf, lines, orders");
  }

  private void main(String... statements) throws SQLException {
    try (Connection main = product.main().connect()) {
      for (String sql : statements) {
        Sql.run(main, sql);
      }
    }
  }

  private String onMain(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      return Sql.ask(main, sql).inWords();
    }
  }

  private Connection connect() throws SQLException {
    return product.branch(BRANCH).connect();
  }

  /** A session of its own, for work of its own. */
  private Connection connect(String task) throws SQLException {
    Connection branch = connect();
    Sql.run(branch, "SET anabranch.task = '" + task + "'");
    return branch;
  }

  private String onBranch(String sql) throws SQLException {
    try (Connection branch = connect("look")) {
      return Sql.ask(branch, sql).inWords();
    }
  }

  private String verdict(String label) {
    List<Verdicts.Entry> entries = Verdicts.of(product.check(BRANCH)).labelled(label);
    return entries.isEmpty() ? "gone" : entries.getFirst().verdict();
  }

  private static List<Long> left(JsonNode synced, String why) {
    for (JsonNode left : synced.get("answers").get("left")) {
      if (left.get("why").asString().equals(why)) {
        return left.get("answers").valueStream().map(JsonNode::asLong).toList();
      }
    }
    return List.of();
  }

  private static ObjectNode body() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Test
  void workAndAnswersComeAlongAndRestOnMainAsItIsNow() throws SQLException {
    String url = product.branch(BRANCH).toString();
    Connection session = connect("count");
    Sql.ask(session, "/* total */ SELECT sum(n) FROM shelf WHERE id <= 3");
    Sql.run(session, "BEGIN");
    Sql.run(session, "UPDATE shelf SET n = 11 WHERE id = 1");
    Sql.ask(session, "/* within */ SELECT n FROM shelf WHERE id = 1");
    Sql.run(session, "UPDATE shelf SET n = 12 WHERE id = 1");
    Sql.ask(session, "/* later */ SELECT n FROM shelf WHERE id = 1");
    Sql.run(session, "COMMIT");
    Sql.ask(session, "/* after */ SELECT sum(n) FROM shelf WHERE id <= 3");
    main("UPDATE shelf SET n = 66 WHERE id = 6");

    JsonNode dry = product.sync(BRANCH, body().put("dryRun", true));
    assertThat(dry.get("outcome").asString()).isEqualTo("synced");
    assertThat(dry.get("now").isNull()).isTrue();
    assertThat(onBranch("/* six */ SELECT n FROM shelf WHERE id = 6")).isEqualTo("60");

    JsonNode synced = product.sync(BRANCH);

    assertThat(synced.get("outcome").asString()).isEqualTo("synced");
    assertThat(synced.get("units").get("carried").asInt()).isEqualTo(1);
    assertThat(left(synced, "changed")).hasSize(1);
    assertThatThrownBy(() -> Sql.ask(session, "SELECT 1")).isInstanceOf(SQLException.class);
    assertThat(product.branch(BRANCH).toString()).isEqualTo(url);
    assertThat(onBranch("/* both */ SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("12 20 30 40 50 66");
    for (String label : List.of("total", "within", "later", "after", "both")) {
      assertThat(verdict(label)).as(label).isEqualTo("holds");
    }
    main("UPDATE shelf SET n = 31 WHERE id = 3");
    assertThat(verdict("total")).isEqualTo("changed");
    assertThat(verdict("after")).isEqualTo("changed");
    assertThat(verdict("within")).isEqualTo("holds");
    JsonNode held = product.promote(BRANCH, false, List.of());
    assertThat(held.get("outcome").asString()).isEqualTo("held");
    main("UPDATE shelf SET n = 30 WHERE id = 3");
    assertThat(product.promote(BRANCH, false, List.of()).get("outcome").asString())
        .isEqualTo("landed");
    assertThat(onMain("SELECT n FROM shelf WHERE id = 1")).isEqualTo("12");
  }

  @Test
  void aRowWhoseNumberMainHasGivenOutGetsAnotherAndSoDoWhoNamesIt() throws SQLException {
    Connection session = connect("order");
    String number =
        Sql.ask(session, "/* drew */ INSERT INTO orders (who) VALUES ('ann') RETURNING id")
            .inWords();
    Sql.run(session, "INSERT INTO lines (order_id, what) VALUES (" + number + ", 'shoes')");
    Sql.ask(session, "/* shelf */ SELECT n FROM shelf WHERE id = 2");
    main("INSERT INTO orders (who) SELECT 'main ' || i FROM generate_series(1, 60) i");

    JsonNode synced = product.sync(BRANCH, body().put("dryRun", false));

    assertThat(synced.get("outcome").asString()).isEqualTo("synced");
    String order = "";
    for (JsonNode row : synced.get("renumbered")) {
      if (row.get("table").asString().equals("public.orders")) {
        assertThat(row.get("from").get("id").asString()).isEqualTo(number);
        order = row.get("to").get("id").asString();
      }
    }
    assertThat(order).isNotEmpty().isNotEqualTo(number);
    assertThat(
            onBranch(
                "SELECT o.who, l.what FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.id = "
                    + order))
        .isEqualTo("ann, shoes");
    assertThat(onBranch("SELECT who FROM orders WHERE id = " + number)).startsWith("main ");
    assertThat(verdict("drew")).isEqualTo("gone");
    assertThat(verdict("shelf")).isEqualTo("holds");
    try (Connection more = connect("more")) {
      long next =
          Long.parseLong(
              Sql.ask(more, "INSERT INTO orders (who) VALUES ('bob') RETURNING id").inWords());
      assertThat(next).isGreaterThan(Long.parseLong(order));
    }
    main("INSERT INTO orders (who) SELECT 'more ' || i FROM generate_series(1, 60) i");
    assertThat(product.promote(BRANCH, false, List.of()).get("outcome").asString())
        .isEqualTo("landed");
    assertThat(
            onMain(
                "SELECT count(*), min(l.what) FROM orders o JOIN lines l ON l.order_id = o.id WHERE"
                    + " o.who = 'ann'"))
        .isEqualTo("1, shoes");
    assertThat(onMain("SELECT count(*) FROM orders")).isEqualTo("123");
  }

  @Test
  void aNumberThatMainHasNotReachedIsKept() throws SQLException {
    Connection session = connect("order");
    String number =
        Sql.ask(session, "INSERT INTO orders (who) VALUES ('ann') RETURNING id").inWords();
    main("INSERT INTO orders (who) VALUES ('second')");

    JsonNode synced = product.sync(BRANCH);

    assertThat(synced.get("renumbered")).isEmpty();
    assertThat(onBranch("SELECT who FROM orders WHERE id = " + number)).isEqualTo("ann");
    main("INSERT INTO orders (who) SELECT 'main ' || i FROM generate_series(1, 60) i");
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.get("outcome").asString()).as("%s", promotion).isEqualTo("landed");
    assertThat(onMain("SELECT count(*) FROM orders")).isEqualTo("63");
  }

  @Test
  void whatBothChangedIsDecidedFirst() throws SQLException {
    try (Connection one = connect("one");
        Connection two = connect("two");
        Connection three = connect("three")) {
      Sql.run(one, "UPDATE shelf SET n = 11 WHERE id = 1");
      Sql.run(two, "UPDATE shelf SET n = 21 WHERE id = 2");
      Sql.run(three, "UPDATE shelf SET n = 31 WHERE id = 3");
    }
    main("UPDATE shelf SET n = 19 WHERE id = 1", "UPDATE shelf SET n = 29 WHERE id = 2");

    JsonNode held = product.sync(BRANCH);

    assertThat(held.get("outcome").asString()).isEqualTo("held");
    assertThat(held.get("now").isNull()).isTrue();
    assertThat(held.get("facts")).hasSize(2);
    assertThat(onBranch("SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("11 21 31 40 50 60");
    ObjectNode body = body();
    var decide = body.putArray("decide");
    for (JsonNode fact : held.get("facts")) {
      decide
          .addObject()
          .put("fact", fact.get("id").asString())
          .put("choice", fact.get("key").get("id").asString().equals("1") ? "branch" : "drop");
    }

    JsonNode synced = product.sync(BRANCH, body);

    assertThat(synced.get("outcome").asString()).as("%s", synced).isEqualTo("synced");
    assertThat(synced.get("units").get("carried").asInt()).isEqualTo(2);
    assertThat(synced.get("units").get("dropped").asInt()).isEqualTo(1);
    assertThat(onBranch("SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("11 29 31 40 50 60");
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.get("outcome").asString()).as("%s", promotion).isEqualTo("landed");
    assertThat(onMain("SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("11 29 31 40 50 60");
  }

  @Test
  void workComesAlongWithoutItsPremiseOnlyWhereThatWasAccepted() throws SQLException {
    try (Connection session = connect("task")) {
      Sql.ask(session, "/* premise */ SELECT n FROM shelf WHERE id = 4");
      Sql.run(session, "UPDATE shelf SET n = 11 WHERE id = 1");
    }
    main("UPDATE shelf SET n = 41 WHERE id = 4");

    JsonNode held = product.sync(BRANCH);
    assertThat(held.get("outcome").asString()).isEqualTo("held");
    long premise = held.get("facts").get(0).get("answer").asLong();
    ObjectNode body = body();
    body.putArray("accept").add(premise);
    JsonNode synced = product.sync(BRANCH, body);

    assertThat(synced.get("outcome").asString()).isEqualTo("synced");
    assertThat(left(synced, "changed")).containsExactly(premise);
    assertThat(synced.get("answers").get("accepted")).hasSize(1);
    assertThat(verdict("premise")).isEqualTo("gone");
    assertThat(onBranch("SELECT n FROM shelf WHERE id = 1")).isEqualTo("11");
  }

  @Test
  void whatHasLandedIsBeneathAndLandsNoSecondTime() throws SQLException {
    Connection early = connect("early");
    Sql.ask(early, "/* before */ SELECT n FROM shelf WHERE id = 5");
    Sql.run(early, "UPDATE shelf SET n = 11 WHERE id = 1");
    String receipt = product.promote(BRANCH, false, List.of()).get("receipt").asString();
    Connection late = connect("late");
    Sql.ask(late, "/* since */ SELECT n FROM shelf WHERE id = 6");
    Sql.run(late, "UPDATE shelf SET n = 21 WHERE id = 2");
    main("UPDATE shelf SET n = 33 WHERE id = 3");

    JsonNode synced = product.sync(BRANCH);

    assertThat(synced.get("outcome").asString()).as("%s", synced).isEqualTo("synced");
    assertThat(synced.get("units").get("landed").asInt()).isEqualTo(1);
    assertThat(synced.get("units").get("carried").asInt()).isEqualTo(1);
    assertThat(verdict("before")).isEqualTo("gone");
    assertThat(verdict("since")).isEqualTo("holds");
    main("UPDATE shelf SET n = 12 WHERE id = 1");
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.get("outcome").asString()).isEqualTo("landed");
    assertThat(promotion.get("units").get("landed").asInt()).isEqualTo(1);
    assertThat(onMain("SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("12 21 33 40 50 60");
    product.undo(promotion.get("receipt").asString(), false);
    assertThat(onMain("SELECT n FROM shelf WHERE id = 2")).isEqualTo("20");
    assertThat(product.undo(receipt, false).get("outcome").asString()).isEqualTo("held");
    main("UPDATE shelf SET n = 11 WHERE id = 1");
    assertThat(product.undo(receipt, false).get("outcome").asString()).isEqualTo("landed");
    assertThat(onMain("SELECT n FROM shelf WHERE id = 1")).isEqualTo("10");
  }

  @Test
  void whatASyncCanNotDoIsRefusedAndNothingIsChanged() throws SQLException {
    try (Connection session = connect("work")) {
      Sql.run(session, "UPDATE shelf SET n = 11 WHERE id = 1");
      Sql.run(session, "CREATE TEMP TABLE mine (x int)");
      Sql.run(session, "CREATE INDEX by_place ON shelf (place)");
    }
    main("UPDATE shelf SET n = 22 WHERE id = 2");
    assertRefused("definitions were changed on it ('by_place')");
    assertThat(onBranch("SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("11 20 30 40 50 60");
  }

  @Test
  void aTruncatedTableIsRefused() throws SQLException {
    try (Connection session = connect("work")) {
      Sql.run(session, "TRUNCATE lines");
    }
    JsonNode held = product.sync(BRANCH);
    assertThat(held.get("outcome").asString()).isEqualTo("held");
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> product.sync(BRANCH))
        .hasMessageContaining("AB-652")
        .hasMessageContaining(why);
  }

  @Test
  void itGoesOnLikeAnyBranch() throws SQLException {
    try (Connection session = connect("work")) {
      Sql.ask(session, "/* one */ SELECT n FROM shelf WHERE id = 1");
      Sql.run(session, "UPDATE shelf SET n = 21 WHERE id = 2");
      Sql.run(session, "UPDATE shelf SET n = n WHERE id = 3");
      Sql.run(
          session,
          "BEGIN; UPDATE shelf SET n = 99 WHERE id = 5; SAVEPOINT s; UPDATE shelf SET n"
              + " = 0; ROLLBACK TO s; COMMIT");
    }
    main("UPDATE shelf SET place = 'Rome' WHERE id = 2");
    assertThat(product.sync(BRANCH).get("outcome").asString()).isEqualTo("synced");
    String moment;
    try (Connection session = connect("second")) {
      Sql.run(session, "UPDATE shelf SET n = 31 WHERE id = 4");
      moment = Sql.ask(session, "SELECT pg_current_wal_insert_lsn()").inWords();
    }
    try (Connection session = connect("third")) {
      Sql.run(session, "DELETE FROM shelf WHERE id = 6");
    }
    product.restore(BRANCH, moment);
    assertThat(onBranch("SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("10 21 30 31 99 60");
    main("UPDATE shelf SET n = 61 WHERE id = 6");
    assertThat(product.sync(BRANCH).get("units").get("carried").asInt()).isEqualTo(4);
    product.suspend(BRANCH);
    assertThat(onBranch("SELECT string_agg(n::text, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("10 21 30 31 99 61");
    assertThat(verdict("one")).isEqualTo("holds");
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.get("outcome").asString()).as("%s", promotion).isEqualTo("landed");
    assertThat(onMain("SELECT string_agg(n::text || place, ' ' ORDER BY id) FROM shelf"))
        .isEqualTo("10Oslo 21Rome 30Oslo 31Oslo 99Oslo 61Oslo");
  }

  /** What a client was told is committed is there afterwards, however the two met. */
  @Test
  void workThatIsCommittedMeanwhileIsNotLost() throws Exception {
    AtomicInteger committed = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Thread worker =
        new Thread(() -> {
          for (int next = 100; !over.get(); next++) {
            try (Connection session = connect("busy")) {
              Sql.run(session, "INSERT INTO shelf VALUES (" + next + ", 1, 'busy')");
              committed.incrementAndGet();
              Thread.sleep(next % 2 == 0 ? 200 : 5000);
            } catch (SQLException | InterruptedException e) {
              // it was cut off before it was told, and goes on with the next
            }
          }
        });
    worker.start();
    int synced = 0;
    for (int round = 0; round < 6; round++) {
      main("UPDATE shelf SET n = n + 1 WHERE id = 6");
      try {
        synced += product.sync(BRANCH).get("outcome").asString().equals("synced") ? 1 : 0;
      } catch (Product.Refused e) {
        assertThat(e.getMessage()).contains("AB-653");
      }
    }
    over.set(true);
    worker.interrupt();
    worker.join();
    assertThat(Integer.parseInt(onBranch("SELECT count(*) FROM shelf WHERE place = 'busy'")))
        .isGreaterThanOrEqualTo(committed.get());
    assertThat(synced).as("syncs beside %d commits", committed.get()).isPositive();
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.get("outcome").asString()).as("%s", promotion).isEqualTo("landed");
    assertThat(Integer.parseInt(onMain("SELECT count(*) FROM shelf WHERE place = 'busy'")))
        .isGreaterThanOrEqualTo(committed.get());
  }
}
